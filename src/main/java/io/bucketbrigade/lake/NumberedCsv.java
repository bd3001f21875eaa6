package io.bucketbrigade.lake;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Source;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A CSV file written again so that DuckDB can read it in one way only: in UTF-8, each field in quotes unless there is only one way to read the whole row, as for most rows, which
 * need not be taken apart; and before the fields the line on which the row starts. What a row is, and which rows can't be used, is decided here, as for all other pipelines; DuckDB would not say on which line a row starts.
 */
final class NumberedCsv {
    /** DuckDB reads no longer row, in bytes as they are written for it. */
    static final int LONGEST_ROW = 1_900_000;

    private static final String TOO_LONG =
            "the row is longer than " + LONGEST_ROW + " bytes, in UTF-8 and with each quote in it doubled";

    private final Header header;
    private final Records records;
    private final ByteArrayOutputStream fields = new ByteArrayOutputStream();

    /**
     * Some rows of the file.
     *
     * @param header the file's columns
     * @param rows how many rows were written
     * @param isFirst whether no rows of the file were before them
     * @param isLast whether no rows of the file follow
     */
    record Piece(Header header, long rows, boolean isFirst, boolean isLast) {}

    /**
     * Reads the header.
     *
     * @param needed columns that it must have
     * @throws io.bucketbrigade.csv.CsvException if it can't be read as CSV, or is missing a column
     * @throws IOException if it can't be read
     */
    NumberedCsv(Source source, List<String> needed) throws IOException {
        header = needed.isEmpty() ? Header.read(source) : Header.read(source, needed);
        records = new Records(source, header, 0);
    }

    /**
     * Writes the next rows.
     *
     * @param bytes of rows after which it stops
     * @param rows where they go: line, and all fields
     * @param rejects where those go that are none: line, reason, and the text
     * @throws Problem if a quote is never closed, which would make one row of all that follow
     * @throws IOException if it can't be read or written
     */
    Piece write(long bytes, Path rows, Path rejects) throws IOException {
        boolean isFirst = records.rows() == 0;
        boolean isLast = false;
        long written = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(rows), 1 << 20);
                OutputStream bad = new BufferedOutputStream(Files.newOutputStream(rejects))) {
            long left = bytes;
            while (left > 0 && !isLast) {
                isLast = !records.nextOfAnyKind();
                if (!isLast) {
                    int taken = records.problem() == null ? row(out) : 0;
                    if (taken == 0) {
                        taken = reject(Objects.requireNonNullElse(records.problem(), TOO_LONG), bad);
                    } else {
                        written++;
                    }
                    left -= taken;
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
        return new Piece(header, written, isFirst, isLast);
    }

    /** Writes a row, unless it would be too long, and says how many bytes its fields take. */
    private int row(OutputStream out) throws IOException {
        int last = header.columns().size() - 1;
        byte separator = header.separator().symbol();
        int start = records.start(0) - (records.isQuoted(0) ? 1 : 0);
        int length = records.end(last) + (records.isQuoted(last) ? 1 : 0) - start;
        // What is written for a row is at least as long.
        if (length > LONGEST_ROW) {
            return 0;
        }
        if (records.isUnambiguous()) {
            line(out, records.line());
            out.write(separator);
            out.write(records.bytes(), start, length);
            out.write('\n');
            return length + 1;
        }
        fields.reset();
        for (int column = 0; column <= last; column++) {
            fields.write(separator);
            quoted(fields, records.text(column));
        }
        if (fields.size() > LONGEST_ROW) {
            return 0;
        }
        line(out, records.line());
        fields.writeTo(out);
        out.write('\n');
        return fields.size();
    }

    /** Writes a row that is none, and says how many characters that takes. */
    private int reject(String problem, OutputStream bad) throws IOException {
        Rejects one = new Rejects(1);
        records.reject(problem, one);
        int written = 0;
        for (Rejected row : one.first()) {
            line(bad, row.line());
            bad.write(',');
            quoted(bad, row.reason());
            bad.write(',');
            quoted(bad, row.text());
            bad.write('\n');
            written += row.reason().length() + row.text().length();
        }
        return written;
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
