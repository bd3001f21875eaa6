package io.bucketbrigade.streams;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of rows as ranges, as PostgreSQL's int8multirange writes them: {@code {[0,500),[700,701)}}. */
final class RowNumbers {
    private static final Pattern RANGE = Pattern.compile("\\[(\\d+),(\\d+)\\)");

    /** The ends of the ranges, which don't touch each other, by their beginnings. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** @param text as PostgreSQL writes it */
    static RowNumbers of(String text) {
        RowNumbers numbers = new RowNumbers();
        Matcher range = RANGE.matcher(text);
        while (range.find()) {
            numbers.ranges.put(Long.valueOf(range.group(1)), Long.valueOf(range.group(2)));
        }
        return numbers;
    }

    boolean contains(long number) {
        Map.Entry<Long, Long> range = ranges.floorEntry(number);
        return range != null && number < range.getValue();
    }

    /** Whether the number is new. */
    boolean add(long number) {
        if (contains(number)) {
            return false;
        }
        add(number, number + 1);
        return true;
    }

    private void add(long first, long end) {
        Map.Entry<Long, Long> before = ranges.floorEntry(first);
        boolean touches = before != null && before.getValue() >= first;
        long from = touches ? before.getKey() : first;
        long to = touches ? Math.max(before.getValue(), end) : end;
        Map.Entry<Long, Long> after = ranges.ceilingEntry(first);
        if (after != null && after.getKey() <= to) {
            to = Math.max(to, after.getValue());
            ranges.remove(after.getKey());
        }
        ranges.put(from, to);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        ranges.forEach((first, end) -> text.append(text.length() == 1 ? "[" : ",[")
                .append(first)
                .append(',')
                .append(end)
                .append(')'));
        return text.append('}').toString();
    }
}
