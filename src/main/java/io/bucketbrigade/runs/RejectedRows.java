package io.bucketbrigade.runs;

import io.bucketbrigade.csv.Rejected;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The rows that runs rejected, in the database, so that they can be seen with their run. Those of old runs go. */
final class RejectedRows {
    private static final int MOST_RUNS = 100;

    private static final String INSERT =
            "INSERT INTO brigade.rejected_rows (run_id, number, file, line, reason, row) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String DELETE_OLD = """
            DELETE FROM brigade.rejected_rows
            WHERE run_id IN (
                SELECT DISTINCT run_id FROM brigade.rejected_rows JOIN brigade.runs USING (run_id)
                WHERE pipeline = ?
                ORDER BY run_id DESC
                OFFSET ?)
            """;

    private RejectedRows() {}

    /** What finds those of a run, as {@link RejectedFile} writes them. */
    static String query(Run run) {
        return "SELECT file, nullif(line, 0) AS line, reason, row FROM brigade.rejected_rows WHERE run_id = " + run.id()
                + " ORDER BY number";
    }

    /** Writes them in the caller's transaction. PostgreSQL's text holds no NUL, so there stands what stands for it in print. */
    static void keep(Connection connection, Run run, List<Rejected> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int number = 0;
            for (Rejected row : rows) {
                insert.setLong(1, run.id());
                insert.setInt(2, ++number);
                insert.setString(3, row.file());
                insert.setLong(4, row.line());
                insert.setString(5, row.reason().replace('\0', '\u2400'));
                insert.setString(6, row.text().replace('\0', '\u2400'));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE_OLD)) {
            delete.setString(1, run.pipeline());
            delete.setInt(2, MOST_RUNS);
            delete.executeUpdate();
        }
    }
}
