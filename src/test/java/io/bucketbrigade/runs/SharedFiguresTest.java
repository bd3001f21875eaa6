package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFiguresTest {
    @TempDir
    private Path folder = Path.of("");

    private static String plan(Statement statement, String query) throws Exception {
        StringBuilder plan = new StringBuilder();
        try (ResultSet row = statement.executeQuery("EXPLAIN " + query)) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    @Test
    void what_metrics_show_of_the_ledger_is_found_by_index_however_many_runs_there_were() throws Exception {
        try (TestService service = new TestService(folder, TestDatabase.newUriWithTables(), Map.of());
                Connection connection = service.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO brigade.runs (pipeline, task, trigger, fingerprint, state, inputs, owner, started_at, finished_at,"
                            + " lease_until, rows_read, rows_counted, rows_rejected, error)"
                            + " SELECT 'stocks', 'collate', 'timer', n::text, CASE WHEN n = 9 THEN 'succeeded' ELSE 'failed' END,"
                            + " '[]', 'test', now(), now(), now(), 0, 0, 0, 'why' FROM generate_series(1, 50000) AS n");
            statement.execute("ANALYZE brigade.runs");
            assertThat(plan(statement, LedgerStatements.LAST_SUCCESSES.replace("?", "ARRAY['stocks', 'orders']")))
                    .containsAnyOf("runs_by_state", "runs_succeeded")
                    .doesNotContain("Seq Scan on runs");
            assertThat(plan(statement, LedgerStatements.RUNNING))
                    .contains("runs_one_alive")
                    .doesNotContain("Seq Scan on runs");
        }
    }
}
