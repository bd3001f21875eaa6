package io.bucketbrigade.rows;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A row of a CSV with the line it starts on, counted in the stream it was read from. */
public final class NumberedRow {
    private final long line;
    private final String[] fields;

    NumberedRow(long line, String[] fields) {
        this.line = line;
        this.fields = fields;
    }

    /** The line it starts on in the stream, from 1. */
    public long line() {
        return line;
    }

    /** Whether it is the header once more. */
    public boolean repeats(Header header) {
        return header.isRepeatedBy(List.of(fields));
    }

    /**
     * A field's text. Fields are read as Latin-1, which keeps every byte as it is, and only here decoded as UTF-8: so
     * columns that nobody uses may hold anything, and what can't be read is said and not replaced.
     *
     * @throws CsvException if its bytes are not UTF-8
     */
    public String text(int index, Header header, long linesBefore) {
        byte[] bytes = fields[index].getBytes(StandardCharsets.ISO_8859_1);
        String text = Utf8.decode(bytes, 0, bytes.length);
        if (text == null) {
            throw new CsvException(
                    header.file(),
                    linesBefore + line,
                    header.columns().get(index),
                    "these bytes are not UTF-8. Save the file as CSV in UTF-8.");
        }
        return text;
    }
}
