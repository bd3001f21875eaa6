package io.bucketbrigade.runs;

import io.bucketbrigade.csv.Rejected;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The rows that a run rejected and what became of each of its files, in the database, so that both can be seen with the run. */
final class RunDetails {
    private static final String INSERT_ROW =
            "INSERT INTO brigade.rejected_rows (run_id, number, file, line, reason, row) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String INSERT_FILE =
            "INSERT INTO brigade.run_files (run_id, number, file, rows, rejected, left_out) VALUES (?, ?, ?, ?, ?, ?)";
    private static final int KEPT_RUNS = 100;
    private static final String DELETE_OLD = """
            DELETE FROM brigade.%1$s
            WHERE run_id IN (
                SELECT run_id FROM (SELECT DISTINCT run_id FROM brigade.%1$s) AS kept
                WHERE (SELECT pipeline FROM brigade.runs r WHERE r.run_id = kept.run_id) = ?
                ORDER BY run_id DESC
                OFFSET ?)
            """;

    private RunDetails() {}

    /** What finds a run's rejected rows, as {@link RejectedFile} writes them. */
    static String rejectedRows(Run run) {
        return "SELECT file, nullif(line, 0) AS line, reason, row FROM brigade.rejected_rows WHERE run_id = " + run.id()
                + " ORDER BY number";
    }

    /** Keeps those of a run in the caller's transaction, and deletes those of the pipeline's old runs. */
    static void keep(Connection connection, Run run, RowCounts rowCounts) throws SQLException {
        keep(
                connection,
                run,
                "rejected_rows",
                INSERT_ROW,
                rowCounts.rejected().stream().map(RunDetails::values).toList());
        keep(
                connection,
                run,
                "run_files",
                INSERT_FILE,
                rowCounts.files().stream().map(RunDetails::values).toList());
    }

    private static Object[] values(Rejected row) {
        return new Object[] {row.file(), row.line(), row.reason(), row.text()};
    }

    private static Object[] values(FileOutcome file) {
        return new Object[] {file.file(), file.rows(), file.rejected(), file.skipped()};
    }

    /** PostgreSQL's text holds no NUL, so the symbol for it is kept instead. */
    private static void keep(Connection connection, Run run, String table, String sql, List<Object[]> details)
            throws SQLException {
        if (details.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int number = 0;
            for (Object[] values : details) {
                insert.setLong(1, run.id());
                insert.setInt(2, ++number);
                int parameter = 2;
                for (Object value : values) {
                    insert.setObject(++parameter, value instanceof String text ? text.replace('\0', '\u2400') : value);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE_OLD.formatted(table))) {
            delete.setString(1, run.pipeline());
            delete.setInt(2, KEPT_RUNS);
            delete.executeUpdate();
        }
    }
}
