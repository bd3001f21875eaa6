package io.bucketbrigade.lake;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file written again so that DuckDB can read it in one way only: in UTF-8, each field in quotes unless the whole row has no character that could be read in two
 * ways, and before the fields the line on which the row starts. What a row is, and which rows can't be used, is decided here, as for all other pipelines; DuckDB would not say on which line a row starts.
 */
final class NumberedCsv {
    /** DuckDB reads no longer row. */
    static final int LONGEST_ROW = 1_900_000;

    private NumberedCsv() {}

    /**
     * What was read.
     *
     * @param header the columns
     * @param rows how many rows were written
     */
    record Outcome(Header header, long rows) {}

    /**
     * Writes one.
     *
     * @param needed columns that it must have
     * @param rows where its rows go: line, and all fields
     * @param rejects where those rows go that are none: line, reason, and the text
     * @throws io.bucketbrigade.csv.CsvException if it can't be read as CSV, or is missing a column
     * @throws Problem if a quote is never closed, which would make one row of all that follow
     * @throws IOException if it can't be read or written
     */
    static Outcome write(Source source, List<String> needed, Path rows, Path rejects) throws IOException {
        Header header = needed.isEmpty() ? Header.read(source) : Header.read(source, needed);
        Records records = new Records(source, header, 0);
        int columns = header.columns().size();
        byte separator = header.separator().symbol();
        long written = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 20);
                OutputStream bad = new BufferedOutputStream(Files.newOutputStream(rejects))) {
            while (records.nextOfAnyKind()) {
                String problem = records.problem() == null ? length(records, columns) : records.problem();
                if (problem == null) {
                    line(out, records.line());
                    if (isAsDuckReadsIt(records, columns)) {
                        out.write(separator);
                        int start = records.start(0);
                        out.write(records.bytes(), start, records.end(columns - 1) - start);
                    } else {
                        for (int column = 0; column < columns; column++) {
                            out.write(separator);
                            quoted(out, records.text(column));
                        }
                    }
                    out.write('\n');
                    written++;
                } else {
                    Rejects one = new Rejects(1);
                    records.reject(problem, one);
                    for (Rejected row : one.first()) {
                        line(bad, row.line());
                        bad.write(',');
                        quoted(bad, row.reason());
                        bad.write(',');
                        quoted(bad, row.text());
                        bad.write('\n');
                    }
                }
            }
        }
        if (records.openQuoteLine() > 0) {
            throw new Problem(
                    Kind.INPUT,
                    header.file() + ", line " + records.openQuoteLine()
                            + ": a quote is opened and never closed. Close it, or double it where it is part of the text.",
                    header.file(),
                    records.openQuoteLine(),
                    null,
                    null);
        }
        return new Outcome(header, written);
    }

    private static @Nullable String length(Records records, int columns) {
        long length = 0;
        for (int column = 0; column < columns; column++) {
            length += records.end(column) - records.start(column);
        }
        return length > LONGEST_ROW ? "the row is longer than " + LONGEST_ROW + " bytes" : null;
    }

    /**
     * Whether the bytes of a row are read by DuckDB as they are read here: ASCII, without quotes, returns and zeros. Most rows are so, and need not be taken
     * apart. The first column that a row has too much is not among these bytes.
     */
    private static boolean isAsDuckReadsIt(Records records, int columns) {
        byte[] bytes = records.bytes();
        int end = records.end(columns - 1);
        for (int at = Math.max(0, records.start(0) - 1); at < end; at++) {
            byte one = bytes[at];
            if (one <= 0 || one == '"' || one == '\r') {
                return false;
            }
        }
        return true;
    }

    private static void line(OutputStream out, long line) throws IOException {
        out.write(Long.toString(line).getBytes(StandardCharsets.US_ASCII));
    }

    private static void quoted(OutputStream out, String text) throws IOException {
        out.write('"');
        out.write(text.replace("\"", "\"\"").getBytes(StandardCharsets.UTF_8));
        out.write('"');
    }
}
