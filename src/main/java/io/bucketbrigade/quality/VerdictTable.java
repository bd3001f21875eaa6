package io.bucketbrigade.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.runs.Run;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** The verdicts of runs, in the database. */
final class VerdictTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEPT_RUNS = 100;
    private static final String INSERT = """
            INSERT INTO brigade.quality_verdicts (run_id, table_name, rule, number, severity, passed, measured, expected, samples)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::json)
            """;
    private static final String DELETE_OLD = """
            DELETE FROM brigade.quality_verdicts
            WHERE run_id IN (
                SELECT run_id FROM (SELECT DISTINCT run_id FROM brigade.quality_verdicts) AS kept
                WHERE (SELECT pipeline FROM brigade.runs r WHERE r.run_id = kept.run_id) = ?
                ORDER BY run_id DESC
                OFFSET ?)
            """;

    private VerdictTable() {}

    /** Keeps those of a run in the caller's transaction, and deletes those of the pipeline's old runs. */
    static void keep(Connection connection, Run run, List<Verdict> verdicts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int number = 0;
            for (Verdict verdict : verdicts) {
                insert.setLong(1, run.id());
                insert.setString(2, verdict.table());
                insert.setString(3, verdict.rule().text());
                insert.setInt(4, ++number);
                insert.setString(5, verdict.rule().severity().word());
                insert.setBoolean(6, verdict.isPassed());
                if (verdict.measured() == null) {
                    insert.setNull(7, Types.DOUBLE);
                } else {
                    insert.setDouble(7, verdict.measured());
                }
                insert.setString(8, verdict.rule().expectation());
                insert.setString(9, json(verdict.samples()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE_OLD)) {
            delete.setString(1, run.pipeline());
            delete.setInt(2, KEPT_RUNS);
            delete.executeUpdate();
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
