package io.bucketbrigade.lake;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.storage.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file written again so that DuckDB can read it in one way only: in UTF-8, each field in quotes, and before the fields the line on which the row
 * starts. What a row is, and which rows can't be used, is decided here, as for all other pipelines; DuckDB would not say on which line a row starts.
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
     * @param rejected how many were not
     */
    record Outcome(Header header, long rows, long rejected) {}

    /**
     * Writes one.
     *
     * @param rows where its rows go: line, and all fields
     * @param rejects where those rows go that are none: line, reason, and the text
     * @throws IOException if it can't be read or written
     */
    static Outcome write(Source source, Path rows, Path rejects) throws IOException {
        Header header = Header.read(source);
        Records records = new Records(source, header, 0);
        int columns = header.columns().size();
        long written = 0;
        long rejected = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 20);
                OutputStream bad = new BufferedOutputStream(Files.newOutputStream(rejects))) {
            while (records.nextOfAnyKind()) {
                String problem = records.problem() == null ? length(records, columns) : records.problem();
                if (problem == null) {
                    line(out, records.line());
                    for (int column = 0; column < columns; column++) {
                        out.write(',');
                        field(out, records, column);
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
                    rejected++;
                }
            }
        }
        return new Outcome(header, written, rejected);
    }

    private static @Nullable String length(Records records, int columns) {
        long length = 0;
        for (int column = 0; column < columns; column++) {
            length += records.end(column) - records.start(column);
        }
        return length > LONGEST_ROW ? "the row is longer than " + LONGEST_ROW + " bytes" : null;
    }

    private static void line(OutputStream out, long line) throws IOException {
        out.write(Long.toString(line).getBytes(StandardCharsets.US_ASCII));
    }

    private static void field(OutputStream out, Records records, int column) throws IOException {
        if (records.isPlain(column) && !hasQuote(records, column)) {
            out.write('"');
            out.write(records.bytes(), records.start(column), records.end(column) - records.start(column));
            out.write('"');
        } else {
            quoted(out, records.text(column));
        }
    }

    private static boolean hasQuote(Records records, int column) {
        byte[] bytes = records.bytes();
        for (int at = records.start(column); at < records.end(column); at++) {
            if (bytes[at] == '"') {
                return true;
            }
        }
        return false;
    }

    private static void quoted(OutputStream out, String text) throws IOException {
        out.write('"');
        out.write(text.replace("\"", "\"\"").getBytes(StandardCharsets.UTF_8));
        out.write('"');
    }
}
