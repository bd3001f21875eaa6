package io.bucketbrigade.rows;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;

/**
 * CSV in the form of all files and answers, those included that PostgreSQL's COPY writes: UTF-8, quotes where a field needs them, and
 * lines that end in LF.
 */
public final class CsvText {
    private static final CsvWriter.CsvWriterBuilder FORMAT = CsvWriter.builder().lineDelimiter(LineDelimiter.LF);

    /** Writes records into a stream, which is closed with the writer. */
    public static CsvWriter writer(OutputStream out) {
        return FORMAT.build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    /** Reads the records of a file, whatever number of fields each has; empty lines are passed over. */
    public static CsvReader<CsvRecord> reader(Reader text, char separator) {
        return CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(true)
                .allowMissingFields(true)
                .allowExtraFields(true)
                .detectBomHeader(true)
                .ofCsvRecord(text);
    }

    /** The names in the header of such a file. */
    public static List<String> names(CsvRecord header) {
        return header.getFields().stream()
                .map(name -> name.replace("\uFEFF", "").strip())
                .toList();
    }

    /** A record as a line of its own, without its end. */
    public static String line(CsvRecord row) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = FORMAT.build(text)) {
            csv.writeRecord(row.getFields());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().stripTrailing();
    }

    /** Rows that SQL found, below a header with the names of their columns; blank if there are none. */
    public String of(@Body List<Map<String, Object>> rows) {
        return rows.isEmpty() ? "" : of(String.join(",", rows.get(0).keySet()), rows);
    }

    /**
     * Rows that SQL found, below a header.
     *
     * @param columns the columns' names, separated by commas
     * @param rows what each has in these columns; nothing is written for NULL
     */
    public String of(String columns, @Body List<Map<String, Object>> rows) {
        List<String> names = Arrays.asList(columns.split(","));
        StringWriter text = new StringWriter();
        try (CsvWriter csv = FORMAT.build(text)) {
            csv.writeRecord(names);
            for (Map<String, Object> row : rows) {
                csv.writeRecord(names.stream()
                        .map(name -> row.get(name) == null ? "" : String.valueOf(row.get(name)))
                        .toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
