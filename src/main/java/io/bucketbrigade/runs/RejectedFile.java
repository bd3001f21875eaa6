package io.bucketbrigade.runs;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.rows.CsvText;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Content;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** rejected.csv beside a result: the rejected rows, with file, line, reason and the
 * row as it was; without a line, how many more there were. */
public final class RejectedFile {
    /** Its name. */
    public static final String NAME = "rejected.csv";

    private RejectedFile() {}

    /**
     * Writes it beside its place; where nothing was rejected, an old one is removed.
     *
     * @throws IOException if it can't be written
     */
    public static Prepared prepare(Location location, String mark, List<Rejected> rejected) throws IOException {
        Content content = out -> write(rejected, out);
        return rejected.isEmpty()
                ? location.prepareRemoval(NAME, mark, content)
                : location.prepare(NAME, mark, content);
    }

    private static void write(List<Rejected> rejected, OutputStream out) throws IOException {
        try (CsvWriter csv = CsvText.writer(out)) {
            csv.writeRecord("file", "line", "reason", "row");
            for (Rejected row : rejected) {
                csv.writeRecord(row.file(), row.line() > 0 ? Long.toString(row.line()) : "", row.reason(), row.text());
            }
        }
    }
}
