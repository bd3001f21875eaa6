package io.bucketbrigade.rows;

import io.bucketbrigade.csv.CorrectedRows.Correction;
import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a rejected.csv back that somebody has corrected. */
public final class RejectedReader {
    private RejectedReader() {}

    /**
     * The rows of one file.
     *
     * @param byLine the rows by the line on which they start
     * @param further how many more were rejected, which rejected.csv doesn't list
     */
    public record Corrections(Map<Long, Correction> byLine, long further) {}

    /**
     * Reads the rows of a file.
     *
     * @param file the file whose rows are wanted
     * @throws CsvException if it is not a rejected.csv, or a row of it can't be read
     * @throws IOException if it can't be read
     */
    public static Corrections rows(Source rejected, String file) throws IOException {
        Header header = Header.read(rejected, List.of("file", "line", "reason", "row"));
        Records rows = new Records(rejected, header, 1);
        Map<Long, Correction> corrections = new LinkedHashMap<>();
        Set<String> others = new TreeSet<>();
        long further = 0;
        while (rows.next()) {
            if (!rows.text(header.index("file")).equals(file)) {
                others.add(rows.text(header.index("file")));
            } else {
                String line = rows.text(header.index("line"));
                String reason = rows.text(header.index("reason"));
                if (line.isEmpty() && Rejected.further(reason) > 0) {
                    further += Rejected.further(reason);
                    continue;
                }
                if (!line.matches("[1-9][0-9]{0,17}")) {
                    throw new CsvException(
                            rejected.name(), rows.line(), "line", "'" + line + "' is not a line number.");
                }
                Correction correction = new Correction(rows.text(header.index("row")), reason);
                if (corrections.put(Long.parseLong(line), correction) != null) {
                    throw new CsvException(
                            rejected.name(),
                            rows.line(),
                            "line",
                            "line " + line + " of " + file
                                    + " is listed twice. Keep one of them; if one row became several, write all of them into the column row of one line.");
                }
            }
        }
        if (corrections.isEmpty() && further == 0 && !others.isEmpty()) {
            throw new CsvException(
                    rejected.name(),
                    0,
                    "file",
                    "its rows are from " + String.join(" and ", others) + ", none of them from " + file
                            + ". Name the file whose rows were rejected, unchanged since then.");
        }
        if (rows.rejects().rows() > 0) {
            Rejected first = rows.rejects().first().get(0);
            throw new CsvException(rejected.name(), first.line(), null, first.reason() + ".");
        }
        return new Corrections(corrections, further);
    }
}
