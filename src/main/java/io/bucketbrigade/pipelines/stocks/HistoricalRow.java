package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.csv.Day;
import io.bucketbrigade.csv.MissingValue;
import io.bucketbrigade.csv.Records;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of historical_stock_data.csv, made of a row of a company's file. What came in is written as it came, without the blanks
 * around it; a blank field stays blank.
 */
final class HistoricalRow {
    /** The width of the table's columns, in characters. */
    static final int WIDEST = 56;

    /** The columns of a company's file that are used. */
    static final List<String> COLUMNS = List.of("date", "open", "high", "low", "close", "volume");

    private static final int DATE = 0;
    private static final int OPEN = 1;
    private static final int CLOSE = 4;
    private static final int VOLUME = 5;
    private static final int MOST_COMPUTED = 512;

    private final Price price = new Price();
    private final Price open = new Price();
    private final Price close = new Price();
    private final Change change = new Change();
    private final BitSet days = new BitSet();
    private final byte[] company;
    private final byte[] row;
    private int length;

    HistoricalRow(String company) {
        String quoted = company.matches("(?s).*[\",\\r\\n].*") ? '"' + company.replace("\"", "\"\"") + '"' : company;
        this.company = quoted.getBytes(StandardCharsets.UTF_8);
        this.row = new byte[COLUMNS.size() * (WIDEST + 1) + 2 * MOST_COMPUTED + this.company.length + 1];
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
     * @param columns the positions of the columns in the file
     * @return what is wrong with it, in words; null if nothing
     */
    @Nullable
    String make(Records from, int[] columns) {
        length = 0;
        byte[] bytes = from.bytes();
        for (int column = 0; column < columns.length; column++) {
            int start = from.start(columns[column]);
            int end = from.end(columns[column]);
            start = Blanks.start(bytes, start, end);
            end = Blanks.end(bytes, start, end);
            if (column != DATE && MissingValue.is(bytes, start, end)) {
                end = start;
            }
            String problem = end - start > WIDEST
                    ? "has more than " + WIDEST + " characters"
                    : problem(column, bytes, start, end);
            if (problem != null) {
                return COLUMNS.get(column) + ": '" + shown(bytes, start, end) + "' " + problem;
            }
            if (column != VOLUME || !writeWhole(bytes, start, end)) {
                int written = column == DATE ? Day.LENGTH : end - start;
                System.arraycopy(bytes, start, row, length, written);
                length += written;
            }
            row[length++] = ',';
        }
        int computed = length;
        length = change.writePercent(open, close, row, length);
        int widest = length - computed;
        row[length++] = ',';
        computed = length;
        length = change.writeDifference(open, close, row, length);
        widest = Math.max(widest, length - computed);
        if (widest > WIDEST) {
            return "the change has more than " + WIDEST + " characters";
        }
        row[length++] = ',';
        System.arraycopy(company, 0, row, length, company.length);
        length += company.length;
        row[length++] = '\n';
        return null;
    }

    private @Nullable String problem(int column, byte[] bytes, int start, int end) {
        if (column == DATE) {
            return dateProblem(bytes, start, end);
        }
        Price read = column == OPEN ? open : column == CLOSE ? close : price;
        if (read.read(bytes, start, end) == Price.Kind.NONE) {
            return "is not a number";
        }
        return column == VOLUME && !isWhole(read) ? "is not a whole number" : null;
    }

    private static boolean isWhole(Price volume) {
        return volume.kind() == Price.Kind.BLANK
                || (volume.kind() == Price.Kind.SHORT && volume.decimals() == 0)
                || (volume.value().stripTrailingZeros().scale() <= 0
                        && volume.value().abs().toBigInteger().bitLength() < Long.SIZE);
    }

    /** A volume such as 1200.0 or 1.2E3 is written 1200; false if it is written as a whole number already. */
    private boolean writeWhole(byte[] bytes, int start, int end) {
        if (price.kind() == Price.Kind.BLANK
                || (price.kind() == Price.Kind.SHORT && price.decimals() == 0 && bytes[end - 1] != '.')) {
            return false;
        }
        byte[] whole = price.value().toBigInteger().toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(whole, 0, row, length, whole.length);
        length += whole.length;
        return start <= end;
    }

    private @Nullable String dateProblem(byte[] bytes, int start, int end) {
        int day = Day.read(bytes, start, end);
        if (day == 0) {
            return Day.NONE;
        }
        if (days.get(day)) {
            return "is in this file twice";
        }
        days.set(day);
        return null;
    }

    private static String shown(byte[] bytes, int start, int end) {
        int shownEnd = Math.min(end, start + WIDEST);
        return new String(bytes, start, shownEnd - start, StandardCharsets.UTF_8) + (shownEnd < end ? "…" : "");
    }
}
