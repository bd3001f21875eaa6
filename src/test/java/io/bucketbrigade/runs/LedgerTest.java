package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LedgerTest {
    private final Database database = TestDatabase.newMigrated();
    private final Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));

    @AfterEach
    void close() {
        database.close();
    }

    private static Claim claim(String fingerprint) {
        return new Claim("leaderboard", "rank", "test", fingerprint, List.of(), true);
    }

    private static RowCounts rowCounts(long read, long counted, long rejected) {
        return new RowCounts(read, counted, rejected, Map.of(), List.of());
    }

    private void succeed(Ledger by, Run run) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try {
                by.beginEnd(connection, run, rowCounts(3, 2, 1), "");
                by.end(connection, run, rowCounts(3, 2, 1), List.of(), "");
                connection.commit();
            } finally {
                connection.rollback();
            }
        }
    }

    @Test
    void only_one_of_many_processes_gets_the_run() throws Exception {
        ExecutorService processes = Executors.newFixedThreadPool(8);
        List<Callable<Optional<Run>>> claims = new ArrayList<>();
        for (int process = 0; process < 8; process++) {
            Ledger own = new Ledger(database.pool(), "process " + process, Duration.ofSeconds(30));
            claims.add(() -> own.claim(claim("a")));
        }
        int claimed = 0;
        for (Future<Optional<Run>> answer : processes.invokeAll(claims)) {
            claimed += answer.get().isPresent() ? 1 : 0;
        }
        processes.shutdown();
        assertThat(claimed).isEqualTo(1);
    }

    @Test
    void a_claim_that_waited_for_the_run_before_it_to_end_begins_after_that_end() throws Exception {
        Run before = ledger.claim(claim("a")).orElseThrow();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection connection = database.pool().getConnection();
                Connection onlooker = database.pool().getConnection();
                Statement statement = onlooker.createStatement()) {
            connection.setAutoCommit(false);
            Ledger.lock(connection, "leaderboard");
            Future<Optional<Run>> claimed = other.submit(() -> ledger.claim(claim("b")));
            await().until(() -> isTrue(
                    statement,
                    "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database"
                            + " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database())"));
            ledger.beginEnd(connection, before, rowCounts(3, 2, 1), "");
            ledger.end(connection, before, rowCounts(3, 2, 1), List.of(), "");
            connection.commit();
            assertThat(claimed.get()).isPresent();
            assertThat(isTrue(
                            statement,
                            "SELECT bool_and(before.finished_at <= next.started_at) FROM brigade.runs before"
                                    + " JOIN brigade.runs next ON before.run_id < next.run_id"))
                    .isTrue();
        } finally {
            other.shutdown();
        }
    }

    @Test
    void a_heartbeat_writes_how_far_a_run_is() throws SQLException {
        Run run = ledger.claim(claim("a")).orElseThrow();
        run.bytesRead().add(4711);
        assertThat(ledger.renew()).isEqualTo(1);
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(isTrue(statement, "SELECT bytes_read = 4711 FROM brigade.runs"))
                    .isTrue();
        }
    }

    @Test
    void rejected_rows_are_kept_with_the_run_for_the_last_hundred_that_have_some() throws SQLException {
        List<Rejected> rejected = List.of(new Rejected("a.csv", 7, "it is bad", "x\0y"));
        for (int run = 0; run < 102; run++) {
            ledger.fail(
                    ledger.claim(claim("f" + run)).orElseThrow(),
                    "bad",
                    Optional.empty(),
                    Optional.of(new RowCounts(3, 2, 1, Map.of(), rejected)));
        }
        Run last = ledger.claim(claim("last")).orElseThrow();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            ledger.beginEnd(connection, last, new RowCounts(3, 2, 1, Map.of(), rejected), "");
            assertThat(isTrue(
                            statement,
                            "SELECT min(run_id) = " + (last.id() - 99) + " AND max(run_id) = " + last.id()
                                    + " AND count(*) = 100 AND bool_and(row = 'x\u2400y' AND line = 7)"
                                    + " FROM brigade.rejected_rows"))
                    .isTrue();
        }
    }

    private static boolean isTrue(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Test
    void a_pipeline_is_busy_while_a_run_of_it_is_alive() throws SQLException {
        assertThat(ledger.isBusy("leaderboard")).isFalse();
        Run run = ledger.claim(claim("a")).orElseThrow();
        assertThat(ledger.isBusy("leaderboard")).isTrue();
        succeed(ledger, run);
        assertThat(ledger.isBusy("leaderboard")).isFalse();
    }

    @Test
    void what_the_last_run_dealt_with_is_not_run_again_but_what_an_earlier_one_did_is() throws SQLException {
        succeed(ledger, ledger.claim(claim("a")).orElseThrow());
        assertThat(ledger.claim(claim("a"))).isEmpty();
        succeed(ledger, ledger.claim(claim("b")).orElseThrow());
        assertThat(ledger.claim(claim("a"))).isPresent();
    }

    @Test
    void another_task_of_the_pipeline_does_not_make_old_inputs_new() throws SQLException {
        succeed(ledger, ledger.claim(claim("a")).orElseThrow());
        succeed(
                ledger,
                ledger.claim(new Claim("leaderboard", "feed", "test", "f", List.of(), false))
                        .orElseThrow());
        assertThat(ledger.claim(claim("a"))).isEmpty();
    }

    @Test
    void a_run_that_failed_because_of_its_inputs_waits_for_others() throws SQLException {
        ledger.fail(ledger.claim(claim("a")).orElseThrow(), "bad", Optional.empty(), Optional.empty());
        assertThat(ledger.claim(claim("a"))).isEmpty();
        assertThat(ledger.claim(claim("b"))).isPresent();
    }

    @Test
    void a_run_that_failed_for_a_transient_reason_is_tried_again_after_a_while_and_counted() throws SQLException {
        ledger.fail(
                ledger.claim(claim("a")).orElseThrow(), "away", Optional.of(Duration.ofMillis(1500)), Optional.empty());
        assertThat(ledger.claim(claim("a"))).isEmpty();
        Run again = await().until(() -> ledger.claim(claim("a")), Optional::isPresent)
                .orElseThrow();
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void a_run_whose_lease_ended_is_taken_over_and_its_old_owner_cannot_publish() throws SQLException {
        Ledger hanging = new Ledger(database.pool(), "hanging", Duration.ofMillis(100));
        Run lost = hanging.claim(claim("a")).orElseThrow();
        Run taken = await().until(() -> ledger.claim(claim("a")), Optional::isPresent)
                .orElseThrow();
        assertThatThrownBy(() -> succeed(hanging, lost))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("taken over by another process");
        succeed(ledger, taken);
    }

    @Test
    void a_renewed_lease_holds() throws Exception {
        Ledger slow = new Ledger(database.pool(), "slow", Duration.ofSeconds(2));
        Run run = slow.claim(claim("a")).orElseThrow();
        await().during(Duration.ofMillis(2500))
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    slow.renew();
                    return ledger.claim(claim("a")).isEmpty();
                });
        succeed(slow, run);
    }

    @Test
    void a_released_run_is_free_at_once_and_does_not_count_as_dealt_with() throws SQLException {
        ledger.release(ledger.claim(claim("a")).orElseThrow(), "changed");
        Run again = ledger.claim(claim("a")).orElseThrow();
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(ledger.releaseAll()).isEqualTo(1);
        assertThat(ledger.claim(claim("a"))).isPresent();
    }

    @Test
    void runs_of_the_version_before_become_released_ones() throws Exception {
        Run run = ledger.claim(claim("a")).orElseThrow();
        String released = Files.readString(Path.of("routes/shared/migrations/V20261126_1__released.sql"));
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE brigade.runs DROP CONSTRAINT runs_state_check");
            statement.execute("UPDATE brigade.runs SET state = 'given back' WHERE run_id = " + run.id());
            statement.execute("ALTER TABLE brigade.runs ADD CONSTRAINT runs_state_check CHECK (state <> 'released')");
            connection.setAutoCommit(false);
            statement.execute(released);
            connection.commit();
            try (ResultSet row = statement.executeQuery("SELECT state FROM brigade.runs")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("released");
            }
            assertThatThrownBy(() -> statement.execute("UPDATE brigade.runs SET state = 'given back'"))
                    .hasMessageContaining("runs_state_check");
        }
    }

    @Test
    void row_counts_that_do_not_balance_are_refused_also_by_the_database() throws SQLException {
        Run run = ledger.claim(claim("a")).orElseThrow();
        try (Connection connection = database.pool().getConnection()) {
            assertThatThrownBy(() -> ledger.beginEnd(connection, run, rowCounts(3, 1, 1), ""))
                    .hasMessageContaining("don't balance");
            assertThatThrownBy(() -> connection
                            .createStatement()
                            .execute("UPDATE brigade.runs SET state = 'succeeded', rows_read = 3, rows_counted = 1,"
                                    + " rows_rejected = 1"))
                    .hasMessageContaining("accounts_balance");
        }
    }
}
