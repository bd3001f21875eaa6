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
import io.bucketbrigade.rows.CsvHeader;
import io.bucketbrigade.rows.CsvText;
import io.bucketbrigade.streams.RowColumn.BadValue;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the rows of a CSV file into what COPY takes, with the number of the file as their source and their line as their position. */
final class FileCopy implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    /** So many rejected rows are in memory at once. */
    private static final int REJECTED_AT_ONCE = 1000;

    private static final int ROWS_AT_ONCE = 50_000;
    /** What FastCSV says of rows and fields that are larger than it reads, and of nothing else. */
    private static final String TOO_LARGE = " max";

    private final StreamFile file;
    private final RowFormat format;
    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final CsvHeader header;
    private final int[] places;
    private final CsvColumn[] columns;
    private final byte[][] values;
    private final byte[] source;
    private final RowBytes out = new RowBytes();
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
            this.header = new CsvHeader(hasNext() ? CsvText.names(next()) : List.of());
            this.places = format.places(header.names());
        } catch (BadValue bad) {
            csv.close();
            throw new Problem(
                    Kind.INPUT,
                    file.name() + ", line " + line + ", column " + bad.column() + ": " + bad.sentence()
                            + " The header must name these columns: " + format.allowed() + ".",
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
        try (Reader text = new InputStreamReader(file.open(), file.text().charset())) {
            return TextScan.separator(text);
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
                    file.name() + ", behind line " + line + ": "
                            + (isTooLarge(broken)
                                    ? "a row is larger than 16 MiB, the most that is read. Shorten it; or, if no row is so large, double"
                                            + " the quote that begins it."
                                    : "this is not CSV. Check the quotes there; a quote within a text in quotes must be doubled."),
                    file.name(),
                    line,
                    null,
                    broken);
        }
    }

    private static boolean isTooLarge(CsvParseException broken) {
        String message = broken.getMessage() + " " + broken.getCause();
        return message.contains(TOO_LARGE);
    }

    /**
     * Writes all rows that can be used, and counts all.
     *
     * @throws IOException if the file can't be read, or the rows can't be written
     */
    void writeTo(OutputStream copy) throws IOException {
        for (; hasNext(); number++) {
            write(next());
            out.flushIfFull(copy);
        }
        out.flush(copy);
    }

    private void write(CsvRecord row) {
        file.countRow();
        BadValue bad = fault(row);
        if (bad != null) {
            countRejected(row, bad);
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

    /** Why a row can't be used; null if it can, and its values are ready then. */
    private @Nullable BadValue fault(CsvRecord row) {
        String misfit = header.fault(row);
        if (misfit != null) {
            return new BadValue(null, misfit);
        }
        try {
            read(row);
            return null;
        } catch (BadValue bad) {
            return bad;
        }
    }

    private void read(CsvRecord row) throws BadValue {
        Arrays.fill(values, CsvColumn.NULL);
        BadValue wrong = null;
        for (int at = 0; at < row.getFieldCount(); at++) {
            int place = places[at];
            if (place == RowFormat.NO_COLUMN) {
                continue;
            }
            String text = row.getField(at);
            try {
                values[place] = columns[place].copied(format.isKey(place) ? text.strip() : text);
            } catch (BadValue bad) {
                wrong = bad.after(wrong);
            }
        }
        if (wrong != null) {
            throw wrong;
        }
    }

    private void countRejected(CsvRecord row, BadValue bad) {
        if (file.rejects().count()) {
            file.rejects().keep(new Rejected(file.name(), line, bad.sentence(), beginning(CsvText.line(row))));
        }
    }

    /**
     * The next rows that can't be used, of a file whose rows were written: they are kept only when all of them are known not to be too many.
     *
     * @return few enough for the memory, and found soon; perhaps none although there are more
     * @throws IOException if the file can't be read
     */
    List<RejectedRow> nextRejected() throws IOException {
        List<RejectedRow> rejected = new ArrayList<>();
        long until = number + ROWS_AT_ONCE;
        for (; rejected.size() < REJECTED_AT_ONCE && number < until && hasNext(); number++) {
            CsvRecord row = next();
            BadValue bad = fault(row);
            if (bad != null && !file.stored().contains(number)) {
                rejected.add(new RejectedRow(number, bad.column(), bad.sentence(), RowFormat.shortened(json(row))));
            }
        }
        return rejected;
    }

    private static String beginning(String text) {
        return text.length() > Rejected.TEXT_BYTES ? text.substring(0, Rejected.TEXT_BYTES) : text;
    }

    /** The row as it would be sent, so that it can be corrected; if not all its fields have names, these alone. */
    private String json(CsvRecord row) {
        if (header.fault(row) != null) {
            ArrayNode fields = JSON.createArrayNode();
            row.getFields().forEach(fields::add);
            return fields.toString();
        }
        ObjectNode named = JSON.createObjectNode();
        for (int at = 0; at < row.getFieldCount(); at++) {
            if (places[at] != RowFormat.NO_COLUMN && !row.getField(at).isEmpty()) {
                named.put(header.names().get(at), row.getField(at));
            }
        }
        return named.toString();
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
