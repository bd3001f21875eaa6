package io.bucketbrigade.streams;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.TextScan;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.rows.CsvText;
import io.bucketbrigade.streams.RowColumn.BadValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the rows of a CSV file into what COPY takes, with the number of the file as their source and their line as their position. */
final class FileCopy implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    /** So many are kept until they are written, for which the COPY is interrupted. */
    private static final int REJECTED_AT_ONCE = 1000;

    private final StreamFile file;
    private final RowFormat format;
    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final List<String> names;
    private final int[] places;
    private final CsvColumn[] columns;
    private final byte[][] values;
    private final byte[] source;
    private final RowBytes out = new RowBytes();
    private final List<RejectedRow> rejected = new ArrayList<>();
    private long number;
    private long line;

    /**
     * Reads the header.
     *
     * @throws Problem if it can't be used
     * @throws IOException if the file can't be read
     */
    FileCopy(StreamFile file, RowFormat format) throws IOException {
        this.file = file;
        this.format = format;
        this.csv = CsvText.reader(new InputStreamReader(file.open(), file.text().charset()), separator(file));
        this.records = csv.iterator();
        try {
            this.names = hasNext() ? CsvText.names(next()) : List.of();
            this.places = format.places(names);
        } catch (BadValue bad) {
            csv.close();
            throw new Problem(
                    Kind.INPUT,
                    file.name() + ", line " + line + ", column " + bad.column() + ": " + bad.reason()
                            + ". The header must name the columns of the rows.",
                    file.name(),
                    line,
                    bad.column(),
                    bad);
        } catch (RuntimeException e) {
            csv.close();
            throw e;
        }
        this.columns = format.columns().stream().map(CsvColumn::new).toArray(CsvColumn[]::new);
        this.values = new byte[columns.length][];
        this.source = (file.id() + "\t").getBytes(StandardCharsets.US_ASCII);
    }

    private static char separator(StreamFile file) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(file.open(), file.text().charset()))) {
            return TextScan.separator(String.valueOf(lines.readLine()));
        }
    }

    private CsvRecord next() {
        CsvRecord record = records.next();
        line = record.getStartingLineNumber();
        return record;
    }

    /**
     * Whether there are rows left.
     *
     * @throws Problem if what follows is not CSV
     */
    boolean hasNext() {
        try {
            return records.hasNext();
        } catch (CsvParseException broken) {
            throw new Problem(
                    Kind.INPUT,
                    file.name() + ", behind line " + line
                            + ": this is not CSV. Check the quotes there; a quote within a text in"
                            + " quotes must be doubled.",
                    file.name(),
                    line,
                    null,
                    broken);
        }
    }

    /**
     * Writes rows until there are no more, or many were rejected.
     *
     * @throws IOException if the file can't be read, or the rows can't be written
     */
    void writeTo(OutputStream copy) throws IOException {
        while (rejected.size() < REJECTED_AT_ONCE && hasNext()) {
            write(next());
            number++;
            out.flushIfFull(copy);
        }
        out.flush(copy);
    }

    private void write(CsvRecord row) {
        file.countRow();
        String reason = null;
        String field = null;
        if (row.getFieldCount() != names.size()) {
            reason = "The row has " + row.getFieldCount() + " fields, but the header has " + names.size() + ".";
        } else {
            try {
                read(row);
            } catch (BadValue bad) {
                field = bad.column();
                reason = bad.sentence();
            }
        }
        if (reason != null) {
            reject(row, field, reason);
        } else if (file.stored().contains(number)) {
            file.countSent();
        } else {
            file.stored().add(number);
            out.write(source);
            out.write(Long.toString(line).getBytes(StandardCharsets.US_ASCII));
            for (byte[] value : values) {
                out.write('\t');
                out.write(value);
            }
            out.write('\n');
        }
    }

    private void read(CsvRecord row) throws BadValue {
        Arrays.fill(values, CsvColumn.NULL);
        for (int at = 0; at < places.length; at++) {
            int place = places[at];
            String text = row.getField(at);
            values[place] = columns[place].copied(format.isKey(place) ? text.strip() : text);
        }
    }

    private void reject(CsvRecord row, @Nullable String field, String reason) {
        if (file.rejects().count()) {
            file.rejects().keep(new Rejected(file.name(), line, reason, beginning(CsvText.line(row))));
        }
        if (!file.stored().contains(number)) {
            rejected.add(new RejectedRow(number, field, reason, RowFormat.shortened(json(row))));
        }
    }

    private static String beginning(String text) {
        return text.length() > Rejected.TEXT_BYTES ? text.substring(0, Rejected.TEXT_BYTES) : text;
    }

    /** The row as it would be sent, so that it can be corrected; if its fields have no names, these alone. */
    private String json(CsvRecord row) {
        if (row.getFieldCount() != names.size()) {
            ArrayNode fields = JSON.createArrayNode();
            row.getFields().forEach(fields::add);
            return fields.toString();
        }
        ObjectNode named = JSON.createObjectNode();
        for (int at = 0; at < names.size(); at++) {
            if (!row.getField(at).isEmpty()) {
                named.put(names.get(at), row.getField(at));
            }
        }
        return named.toString();
    }

    /** The rows that were rejected since this was last asked. */
    List<RejectedRow> takeRejected() {
        List<RejectedRow> taken = List.copyOf(rejected);
        rejected.clear();
        return taken;
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }

    /** Bytes on their way to the database. */
    private static final class RowBytes {
        private static final int FULL = 1 << 16;

        private byte[] bytes = new byte[2 * FULL];
        private int count;

        void write(byte[] more) {
            if (count + more.length >= bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * (count + more.length));
            }
            System.arraycopy(more, 0, bytes, count, more.length);
            count += more.length;
        }

        void write(char symbol) {
            write(new byte[] {(byte) symbol});
        }

        void flushIfFull(OutputStream to) throws IOException {
            if (count >= FULL) {
                flush(to);
            }
        }

        void flush(OutputStream to) throws IOException {
            to.write(bytes, 0, count);
            count = 0;
        }
    }
}
