package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.csv.Day;
import io.bucketbrigade.csv.MissingValue;
import io.bucketbrigade.csv.Records;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A row for PostgreSQL's COPY in its text format, made of a row of a file; or what is wrong with that, in words.
 *
 * <p>Whatever PostgreSQL would refuse is found here, because it refuses a whole file for one field, and doesn't say where in the
 * file it is. Fields of the common kinds are checked and copied as bytes; only free text is decoded.
 */
final class TypedRow {
    /** A number with more digits than this is not a price. */
    private static final int MOST_DIGITS = 56;

    private static final int LONGEST_SHOWN = 56;
    private static final int SMALLEST = 1 << 10;
    private static final byte[] NULL = {'\\', 'N'};

    private final List<Column> columns;
    private final boolean withLine;
    private final LongKeys[] own;
    private final List<List<LongKeys>> known;
    private final KnownKeys all;
    private final TableMapping mapping;
    private final long[] keys;
    private final boolean[] given;
    private final boolean[] isWhole;
    private byte[] row = new byte[SMALLEST];
    private int length;
    private @Nullable String consequence;
    private boolean isConsequence;

    /** @param keys the values of columns that rows are checked against */
    TypedRow(TableMapping mapping, KnownKeys keys) {
        this.columns = mapping.columns();
        this.withLine = mapping.withLine();
        this.own = columns.stream().map(column -> keys.of(mapping.key(column))).toArray(LongKeys[]::new);
        this.known = columns.stream()
                .map(column -> column.knownIn().stream().map(keys::known).toList())
                .toList();
        this.all = keys;
        this.mapping = mapping;
        this.keys = new long[columns.size()];
        this.given = new boolean[columns.size()];
        this.isWhole = new boolean[columns.size()];
    }

    /** The row that was made. */
    byte[] bytes() {
        return row;
    }

    /** How long it is, in bytes. */
    int length() {
        return length;
    }

    /**
     * Makes the row.
     *
     * @param places the positions of the columns in the file
     * @return what is wrong with it, in words; null if nothing
     */
    @Nullable
    String make(Records from, int[] places) {
        length = 0;
        consequence = null;
        isConsequence = false;
        for (int column = 0; column < places.length; column++) {
            String problem = field(from, column, places[column]);
            if (problem != null) {
                return problem;
            }
            append((byte) '\t');
        }
        if (withLine) {
            append(from.line());
        } else {
            length--;
        }
        append((byte) '\n');
        for (int column = 0; column < own.length; column++) {
            if (columns.get(column).unique() && own[column].contains(keys[column])) {
                return columns.get(column).name() + ": '"
                        + from.text(places[column]).strip() + "' is in an earlier row already";
            }
        }
        if (consequence != null) {
            isConsequence = true;
            return consequence;
        }
        for (int column = 0; column < own.length; column++) {
            if (own[column] != null && given[column]) {
                own[column].add(keys[column]);
            }
        }
        return null;
    }

    /** Whether the row that could not be made has no fault of its own: a row it refers to was rejected in another file. */
    boolean isConsequence() {
        return isConsequence;
    }

    /** Remembers the values of a rejected row that others may refer to. */
    void rejected(Records from, int[] places) {
        for (int column = 0; column < places.length; column++) {
            RejectedKeys rejected = all.rejected(mapping.key(columns.get(column)));
            if (rejected == null) {
                continue;
            }
            if (!from.isSure(places[column])) {
                rejected.addUnread();
                continue;
            }
            field(from, column, places[column]);
            if (isWhole[column]) {
                rejected.add(keys[column], from.line());
            }
        }
    }

    private @Nullable String field(Records from, int number, int place) {
        Column column = columns.get(number);
        byte[] bytes = from.bytes();
        int start = from.start(place);
        int end = from.end(place);
        start = Blanks.start(bytes, start, end);
        end = Blanks.end(bytes, start, end);
        boolean isMissing = MissingValue.is(bytes, start, end);
        given[number] = start < end && !isMissing;
        isWhole[number] = false;
        if (!given[number]) {
            append(NULL, 0, NULL.length);
            if (column.optional()) {
                return null;
            }
            return isMissing
                    ? MissingValue.reason(column.name(), shown(bytes, start, end))
                    : column.name() + " is blank";
        }
        String problem =
                switch (column.type()) {
                    case BIGINT, INTEGER -> whole(number, column, bytes, start, end);
                    case NUMERIC -> decimal(bytes, start, end);
                    case DATE -> day(number, bytes, start, end);
                    case BOOLEAN -> truth(bytes, start, end);
                    case TEXT -> text(Blanks.strip(from.text(place)));
                };
        return problem == null ? null : column.name() + ": '" + shown(bytes, start, end) + "' " + problem;
    }

    private @Nullable String copied(byte[] bytes, int start, int end) {
        append(bytes, start, end);
        return null;
    }

    private @Nullable String whole(int number, Column column, byte[] bytes, int start, int end) {
        boolean negative = bytes[start] == '-';
        int at = negative ? start + 1 : start;
        if (at == end) {
            return "is not a whole number";
        }
        // Below zero, where there is one number more.
        long value = 0;
        int wholeEnd = end;
        for (int first = at; at < wholeEnd; at++) {
            if (bytes[at] == '.' && at > first && areZeros(bytes, at + 1, end)) {
                wholeEnd = at;
                break;
            }
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return "is not a whole number";
            }
            if (value < (Long.MIN_VALUE + digit) / 10) {
                return "is too large a number";
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            return "is too large a number";
        }
        value = negative ? value : -value;
        keys[number] = value;
        isWhole[number] = true;
        if (value < column.least()) {
            return "is less than " + column.least();
        }
        if (value > column.most()) {
            return "is more than " + column.most();
        }
        List<LongKeys> sets = known.get(number);
        if (!sets.isEmpty() && !isIn(sets, value)) {
            String reason = all.rejectedElsewhere(column, value);
            if (reason == null) {
                return "does not exist in " + (all.areAllRead(column) ? "" : "the accepted rows of ") + files(column);
            }
            consequence = consequence == null ? reason : consequence;
        }
        return copied(bytes, start, wholeEnd);
    }

    /** Programs that hold whole numbers with gaps in them as decimals write 2.0. */
    private static boolean areZeros(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] == '0') {
            at++;
        }
        return at == end && at > from;
    }

    private @Nullable String day(int number, byte[] bytes, int start, int end) {
        keys[number] = Day.read(bytes, start, end);
        return keys[number] == 0 ? Day.NONE : copied(bytes, start, start + Day.LENGTH);
    }

    private static boolean isIn(List<LongKeys> sets, long value) {
        for (LongKeys set : sets) {
            if (set.contains(value)) {
                return true;
            }
        }
        return false;
    }

    private static String files(Column column) {
        return String.join(
                " or ",
                column.knownIn().stream()
                        .map(one -> one.substring(0, one.indexOf(' ')))
                        .toList());
    }

    private @Nullable String decimal(byte[] bytes, int start, int end) {
        int digits = 0;
        int points = 0;
        for (int at = bytes[start] == '-' ? start + 1 : start; at < end; at++) {
            if (bytes[at] >= '0' && bytes[at] <= '9') {
                digits++;
            } else if (bytes[at] == '.') {
                points++;
            } else {
                return "is not a number such as 12.50";
            }
        }
        if (digits == 0 || points > 1) {
            return "is not a number such as 12.50";
        }
        return digits > MOST_DIGITS ? "has more than " + MOST_DIGITS + " digits" : copied(bytes, start, end);
    }

    private @Nullable String truth(byte[] bytes, int start, int end) {
        String word = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        switch (word) {
            case "true", "t", "yes", "y", "1" -> append((byte) 't');
            case "false", "f", "no", "n", "0" -> append((byte) 'f');
            default -> {
                return "is neither true nor false";
            }
        }
        return null;
    }

    private @Nullable String text(String text) {
        if (text.indexOf('\0') >= 0) {
            return "holds a NUL character";
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (byte one : utf8) {
            switch (one) {
                case '\\' -> append((byte) '\\');
                case '\n' -> append((byte) '\\');
                case '\r' -> append((byte) '\\');
                case '\t' -> append((byte) '\\');
                default -> {}
            }
            append(one);
        }
        return null;
    }

    private void append(byte one) {
        if (length == row.length) {
            row = Arrays.copyOf(row, 2 * row.length);
        }
        row[length++] = one;
    }

    private void append(byte[] bytes, int start, int end) {
        while (length + end - start > row.length) {
            row = Arrays.copyOf(row, 2 * row.length);
        }
        System.arraycopy(bytes, start, row, length, end - start);
        length += end - start;
    }

    private void append(long number) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
        append(digits, 0, digits.length);
    }

    private static String shown(byte[] bytes, int start, int end) {
        int shownEnd = Math.min(end, start + LONGEST_SHOWN);
        return new String(bytes, start, shownEnd - start, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?")
                + (shownEnd < end ? "…" : "");
    }
}
