package io.bucketbrigade.lake;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.settings.PipelineSettings.MaxRejected;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of the rows of files that were read into a lake, from what queries say. */
final class LakeCounts {
    /** So many rejected rows are kept of each file. */
    private static final int MOST_REJECTED = 1000;

    private final List<FileOutcome> files = new ArrayList<>();
    private final Map<String, Rejects> rejects = new LinkedHashMap<>();
    private final Map<String, Long> notes = new LinkedHashMap<>();

    /** Takes in a row of an answer. */
    @FunctionalInterface
    interface Row {
        void read(ResultSet row) throws SQLException;
    }

    /** Takes in a file: name, rows, rejected rows. */
    void addFile(ResultSet row) throws SQLException {
        files.add(FileOutcome.accepted(row.getString(1), row.getLong(2), row.getLong(3)));
    }

    /** Takes in a rejected row: file, line, column, reason, text. */
    void addRejected(ResultSet row) throws SQLException {
        String file = row.getString(1);
        Rejects rejected = rejects.computeIfAbsent(file, name -> new Rejects(MOST_REJECTED));
        if (rejected.count()) {
            String column = row.getString(3);
            rejected.keep(new Rejected(
                    file,
                    row.getLong(2),
                    (column == null ? "" : column + ": ") + row.getString(4),
                    String.valueOf(row.getString(5))));
        }
    }

    /** Takes in a further figure: name, number. */
    void addNote(ResultSet row) throws SQLException {
        notes.put(row.getString(1), row.getLong(2));
    }

    /** All of it, which must balance. */
    RowCounts all() {
        long read = files.stream().mapToLong(FileOutcome::rows).sum();
        long rejected = files.stream().mapToLong(FileOutcome::rejected).sum();
        List<Rejected> first = new ArrayList<>();
        rejects.forEach((file, rows) -> first.addAll(Rejected.listed(file, rows.rows(), rows.first())));
        RowCounts all = new RowCounts(read, read - rejected, rejected, notes, first, files);
        all.balance();
        return all;
    }

    /** @throws io.bucketbrigade.runs.TooManyRejected if too many rows of a file were rejected */
    void limit(MaxRejected most) {
        for (FileOutcome file : files) {
            RowCounts.limitRejected(
                    file.file(),
                    file.rows(),
                    rejects.getOrDefault(file.file(), new Rejects(0)),
                    most.share(),
                    most.name());
        }
    }
}
