package io.bucketbrigade.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The plain twin of {@link KeyCount}: the whole text in memory, one character after the other, no blocks. */
final class PlainCount {
    final Map<String, Long> counts = new TreeMap<>();
    final List<String> rejected = new ArrayList<>();
    long rows;

    private final String text;
    private final char separator;
    private int lastQuoted;
    private int at;

    PlainCount(String text, int keyColumn, List<String> header, int dataStart) {
        this(text, ',', keyColumn, header, dataStart);
    }

    PlainCount(String text, char separator, int keyColumn, List<String> header, int dataStart) {
        this.text = text;
        this.separator = separator;
        this.at = dataStart;
        int columns = header.size();
        while (skipEmptyLines()) {
            int start = at;
            List<String> fields = new ArrayList<>();
            lastQuoted = 0;
            String problem = row(fields);
            if (problem.isEmpty() && lastQuoted == 0 && fields.stream().allMatch(PlainCount::isEmpty)) {
                continue;
            }
            rows++;
            while (fields.size() > Math.max(columns, lastQuoted) && isEmpty(fields.get(fields.size() - 1))) {
                fields.remove(fields.size() - 1);
            }
            if (!problem.isEmpty()) {
                rejected.add(line(start) + " " + problem);
            } else if (fields.size() != columns) {
                rejected.add(line(start) + " fields");
            } else if (id(fields.get(keyColumn)).isEmpty()) {
                rejected.add(line(start) + " blank");
            } else if (id(fields.get(keyColumn)).matches("NaN|nan|NaT|NULL|null|\\\\N|None")) {
                rejected.add(line(start) + " missing");
            } else if (names(fields).equals(names(header))) {
                rejected.add(line(start) + " header");
            } else {
                counts.merge(id(fields.get(keyColumn)), 1L, Long::sum);
            }
        }
    }

    private static boolean isEmpty(String field) {
        return field.matches("[ \t\f\u000B]*");
    }

    private static String id(String field) {
        String id = stripped(field);
        return field.startsWith("\"") || !id.matches("(?s)\".*\"")
                ? id
                : stripped(id.substring(1, id.length() - 1).replace("\"\"", "\""));
    }

    private static String stripped(String field) {
        return field.replaceAll("\\A[\\s\\p{Z}\\uFEFF]+|[\\s\\p{Z}\\uFEFF]+\\z", "");
    }

    private static List<String> names(List<String> fields) {
        return fields.stream()
                .map(field -> id(field).toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Z}\\uFEFF._]", ""))
                .toList();
    }

    private boolean skipEmptyLines() {
        while (at < text.length() && isNewline(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private String row(List<String> fields) {
        String problem = "";
        while (true) {
            if (at < text.length() && text.charAt(at) == '"') {
                int close = closingQuote(at + 1);
                if (close < 0) {
                    at = text.length();
                    return "open quote";
                }
                fields.add(text.substring(at + 1, close).replace("\"\"", "\""));
                lastQuoted = fields.size();
                at = close + 1;
                if (!atFieldEnd()) {
                    problem = "text after quote";
                }
            } else {
                fields.add("");
            }
            int start = at;
            while (!atFieldEnd()) {
                at++;
            }
            fields.set(fields.size() - 1, fields.get(fields.size() - 1) + text.substring(start, at));
            if (at == text.length()) {
                return problem;
            }
            char end = text.charAt(at++);
            if (end != separator) {
                if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                return problem;
            }
        }
    }

    private int closingQuote(int from) {
        int quote = text.indexOf('"', from);
        while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }

    private boolean atFieldEnd() {
        return at == text.length() || text.charAt(at) == separator || isNewline(text.charAt(at));
    }

    private static boolean isNewline(char c) {
        return c == '\n' || c == '\r';
    }

    /** Lines as the product counts them: LF and CRLF anywhere, CR outside quotes. Samples here have CR only outside. */
    private long line(int position) {
        String before = text.substring(0, position).replace("\r\n", "\n").replace('\r', '\n');
        return 1 + before.chars().filter(c -> c == '\n').count();
    }
}
