package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** What became of each file of a run, in the database, so that it can be seen with the run. That of old runs goes. */
final class RunFiles {
    private static final int MOST_RUNS = 100;

    private static final String INSERT =
            "INSERT INTO brigade.run_files (run_id, number, file, rows, rejected, left_out) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String DELETE_OLD = """
            DELETE FROM brigade.run_files
            WHERE run_id IN (
                SELECT DISTINCT run_id FROM brigade.run_files JOIN brigade.runs USING (run_id)
                WHERE pipeline = ?
                ORDER BY run_id DESC
                OFFSET ?)
            """;

    private RunFiles() {}

    /** Writes them in the caller's transaction. */
    static void keep(Connection connection, Run run, List<FileOutcome> files) throws SQLException {
        if (files.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int number = 0;
            for (FileOutcome file : files) {
                insert.setLong(1, run.id());
                insert.setInt(2, ++number);
                insert.setString(3, file.file().replace('\0', '\u2400'));
                insert.setLong(4, file.rows());
                insert.setLong(5, file.rejected());
                String skipped = file.skipped();
                if (skipped == null) {
                    insert.setNull(6, Types.VARCHAR);
                } else {
                    insert.setString(6, skipped.replace('\0', '\u2400'));
                }
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
