package io.bucketbrigade.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.retention.RunsInUse.InUse;
import io.bucketbrigade.runs.Claim;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.support.ManyRuns;
import io.bucketbrigade.support.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration RUNS_KEPT = Duration.ofDays(400);
    private static final Duration SENT_KEPT = Duration.ofDays(30);
    private static final InUse NONE = new InUse(Set.of(), Map.of());

    private final Database database = TestDatabase.newMigrated();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private InUse inUse = NONE;

    @AfterEach
    void close() {
        database.close();
    }

    private Retention retention(Optional<Duration> runs, Optional<Duration> notifications) {
        return new Retention(
                database.pool(),
                new Retention.Kept(runs, notifications),
                () -> List.of("set"),
                () -> inUse,
                () -> NOW,
                meters);
    }

    private Retention retention() {
        return retention(Optional.of(RUNS_KEPT), Optional.of(SENT_KEPT));
    }

    /** A run of a pipeline that ended so long ago; its number is the next one. */
    private void ended(String pipeline, String state, String fingerprint, Duration ago) throws SQLException {
        execute("""
                INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, inputs, rows_read, rows_counted, rows_rejected, error,
                                          started_at, finished_at, owner, lease_until)
                VALUES ('%1$s', 'load', 'test', '%2$s', '%3$s', '[]', 1, 1, 0, CASE '%2$s' WHEN 'failed' THEN 'why' END,
                        timestamptz '%4$s' - interval '1 s', '%4$s', 'x', '%4$s')
                """.formatted(pipeline, state, fingerprint, NOW.minus(ago)));
    }

    /** The same, old enough to be removed. */
    private void ended(String pipeline, String state, String fingerprint) throws SQLException {
        ended(pipeline, state, fingerprint, RUNS_KEPT.plusDays(9));
    }

    private void notified(long run, Duration writtenAgo, Optional<Duration> sentAgo) throws SQLException {
        execute("INSERT INTO brigade.outbox (run_id, way, subject, body, written_at, sent_at) VALUES (" + run
                + ", 'mail', 's', 'b', '" + NOW.minus(writtenAgo) + "', "
                + sentAgo.map(ago -> "'" + NOW.minus(ago) + "'").orElse("NULL") + ")");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String question) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private String kept() throws SQLException {
        return ask("SELECT string_agg(run_id::text, ' ' ORDER BY run_id) FROM brigade.runs");
    }

    private double removed(String what) {
        return meters.counter("brigade.retention.removed", "what", what).count();
    }

    @Test
    void a_run_is_removed_when_it_is_just_as_old_as_runs_are_kept_and_not_earlier() throws Exception {
        ended("set", "released", "a", RUNS_KEPT);
        ended("set", "released", "b", RUNS_KEPT.minusMillis(1));
        ended("set", "released", "c", RUNS_KEPT.plusMillis(1));
        retention().tidy();
        assertThat(kept()).isEqualTo("2");
        assertThat(removed("runs")).isEqualTo(2);
    }

    @Test
    void nothing_is_removed_that_is_kept_for_ever() throws Exception {
        ended("set", "released", "a", Duration.ofDays(9000));
        notified(1, Duration.ofDays(9000), Optional.of(Duration.ofDays(9000)));
        retention(Optional.empty(), Optional.empty()).tidy();
        assertThat(kept()).isEqualTo("1");
        assertThat(ask("SELECT count(*) FROM brigade.outbox")).isEqualTo("1");
    }

    @Test
    void the_last_two_successes_and_the_run_that_decides_what_is_new_stay_however_old_they_are() throws Exception {
        ended("set", "succeeded", "a");
        ended("set", "succeeded", "b");
        ended("set", "succeeded", "c");
        ended("set", "failed", "d");
        ended("set", "failed", "e");
        ended("set", "released", "f");
        ended("set", "released", "g");
        retention().tidy();
        assertThat(kept()).isEqualTo("2 3 5");
    }

    @Test
    void of_each_version_of_a_file_the_last_run_stays_so_that_it_is_not_run_again() throws Exception {
        ended("each", "failed", "a");
        ended("each", "succeeded", "a");
        ended("each", "succeeded", "b");
        ended("each", "succeeded", "b");
        ended("each", "succeeded", "c");
        ended("each", "released", "c");
        ended("each", "succeeded", "d");
        retention().tidy();
        assertThat(kept()).isEqualTo("2 4 5 7");
        Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));
        assertThat(ledger.needs("each", "load", List.of("a", "b", "c", "d"))).containsOnly(Ledger.Need.NONE);
    }

    @Test
    void a_run_stays_while_something_refers_to_it_or_has_not_been_sent() throws Exception {
        for (int run = 1; run <= 7; run++) {
            ended("set", "released", "a");
        }
        execute("INSERT INTO brigade.unfinished_files VALUES ('l', 'f', 1, 'SELECT', false)");
        execute("INSERT INTO brigade.loaded_files (pipeline, content, path, run_id) VALUES ('set', 'c', 'p', 2)");
        inUse = new InUse(Set.of(3L), Map.of());
        notified(4, SENT_KEPT.minusDays(1), Optional.empty());
        notified(5, SENT_KEPT.plusDays(1), Optional.empty());
        notified(6, SENT_KEPT.plusDays(1), Optional.of(Duration.ZERO));
        retention().tidy();
        assertThat(kept()).isEqualTo("1 2 3 4");
    }

    @Test
    void where_it_is_not_known_which_runs_are_needed_none_is_removed_and_that_is_said() throws Exception {
        ended("a-lake", "released", "a");
        ended("set", "released", "a");
        inUse = new InUse(Set.of(), Map.of("a_lake", "The table t of a_lake can't be read."));
        Retention retention = retention();
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(retention::tidy)
                    .as("also between two passes")
                    .isInstanceOf(Problem.class)
                    .hasMessage("Old runs are not removed: The table t of a_lake can't be read.");
        }
        assertThat(kept()).isEqualTo("1");
    }

    @Test
    void what_belongs_to_a_run_is_removed_with_it_and_sent_notifications_before() throws Exception {
        ended("set", "released", "a");
        ended("set", "released", "b", Duration.ofDays(60));
        ended("set", "released", "c", Duration.ofDays(1));
        execute("INSERT INTO brigade.rejected_rows VALUES (1, 1, 'f', 1, 'r', 'a,b')");
        execute("INSERT INTO brigade.run_files (run_id, number, file, rows, rejected) VALUES (1, 1, 'f', 1, 0)");
        execute("INSERT INTO brigade.run_steps VALUES (1, 1, 's', 1, 1, 1, 1, 1, 1)");
        notified(2, Duration.ofDays(60), Optional.of(SENT_KEPT));
        notified(3, Duration.ofDays(60), Optional.of(SENT_KEPT.minusMillis(1)));
        retention().tidy();
        assertThat(kept()).isEqualTo("2 3");
        assertThat(ask("SELECT string_agg(run_id::text, ' ') FROM brigade.outbox"))
                .isEqualTo("3");
        assertThat(ask("SELECT count(*) FROM brigade.rejected_rows, brigade.run_files, brigade.run_steps"))
                .isEqualTo("0");
        assertThat(removed("notifications")).isEqualTo(1);
    }

    private void many(int runs) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            ManyRuns.fill(connection, runs);
        }
    }

    /** The fill is of three years that end now. */
    private Retention retentionNow() {
        return new Retention(
                database.pool(),
                new Retention.Kept(Optional.of(RUNS_KEPT), Optional.of(SENT_KEPT)),
                () -> List.of("leaderboard", "orders", "stocks", "city-requests"),
                () -> NONE,
                Instant::now,
                meters);
    }

    private long old() throws SQLException {
        return Long.parseLong(
                ask("SELECT count(*) FROM brigade.runs WHERE finished_at < now() - interval '400 days 10 minutes'"
                        + " AND pipeline <> 'transactions'"));
    }

    @Test
    void while_another_process_is_at_work_nothing_is_done_and_afterwards_the_rest() throws Exception {
        ended("set", "released", "a");
        Retention retention = retention();
        try (Connection other = database.pool().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(RetentionStatements.LOCK);
            retention.tidy();
            assertThat(kept()).isEqualTo("1");
            other.rollback();
        }
        retention.tidy();
        assertThat(kept()).isEqualTo("null");
    }

    @Test
    void two_processes_remove_each_run_once_while_runs_begin_and_end() throws Exception {
        many(6000);
        Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(() -> {
            int runs = 0;
            while (runs == 0 || !isOver.get()) {
                runs++;
                try {
                    Run run = ledger.claim(new Claim("leaderboard", "rank", "test", "new " + runs, List.of(), true))
                            .orElseThrow();
                    ledger.fail(run, "why", Optional.empty(), Optional.empty());
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
            return runs;
        });
        long before = old();
        List<CompletableFuture<Void>> processes = List.of(
                CompletableFuture.runAsync(() -> tidy(retentionNow())),
                CompletableFuture.runAsync(() -> tidy(retentionNow())));
        processes.forEach(CompletableFuture::join);
        isOver.set(true);
        int begun = running.join();
        assertThat(before).isGreaterThan(2000);
        assertThat(old()).isZero();
        assertThat(ask("SELECT count(*) FROM brigade.runs WHERE run_id > 6000")).isEqualTo(Integer.toString(begun));
        assertThat(removed("runs")).isBetween((double) before, before + 100.0);
    }

    /** A process that finds the other one at work comes again. */
    private static void tidy(Retention retention) {
        for (int time = 0; time < 10; time++) {
            try {
                retention.tidy();
            } catch (SQLException | java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void a_process_that_loses_the_database_in_the_middle_leaves_whole_batches_and_the_next_one_goes_on()
            throws Exception {
        many(6000);
        execute("""
                CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                    RETURN OLD;
                END $$;
                CREATE TRIGGER cut BEFORE DELETE ON brigade.runs FOR EACH ROW WHEN (OLD.run_id BETWEEN 1100 AND 1200) EXECUTE FUNCTION cut();
                """);
        assertThatThrownBy(() -> retentionNow().tidy()).isInstanceOf(SQLException.class);
        assertThat(ask("SELECT count(*) FROM brigade.runs WHERE run_id <= 1000 AND pipeline <> 'transactions'"))
                .isEqualTo("0");
        assertThat(ask("SELECT count(*) FROM brigade.runs WHERE run_id BETWEEN 1001 AND 1500"))
                .isEqualTo("500");
        execute("DROP TRIGGER cut ON brigade.runs");
        retentionNow().tidy();
        assertThat(old()).isZero();
    }
}
