package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestPooler;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Table, record and file become visible together, or not at all. */
@Tag("slow")
class PublicationTest {
    private static final Transaction.Step ROW = connection -> {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO leaderboard VALUES ('1', 1, 'new')");
        }
    };
    private static final RowCounts ROW_COUNTS = new RowCounts(1, 1, 0, Map.of(), List.of());

    @TempDir
    private Path folder = Path.of("");

    private final Database database = TestDatabase.newMigrated();
    private final Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));
    private final Publication publication = TestLocations.publication(database, ledger);

    @AfterEach
    void close() {
        database.close();
    }

    private Run claim() throws SQLException {
        return ledger.claim(new Claim("leaderboard", "rank", "test", "a", List.of(), true))
                .orElseThrow();
    }

    private Inputs input() throws IOException {
        String path = Files.writeString(folder.resolve("in.csv"), "in").toString();
        return new Inputs().with("in.csv", TestLocations.FOLDERS.open(path));
    }

    private Prepared result() throws IOException {
        Location location = TestLocations.FOLDERS.of(folder.toString());
        Files.writeString(folder.resolve("result.csv"), "old");
        return location.prepare("result.csv", "1", out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
    }

    private void assertNothingPublished() throws SQLException {
        assertThat(rowsAndStates()).isEqualTo("0 running");
        assertThat(folder.resolve("result.csv")).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void all_becomes_visible_together() throws Exception {
        try (Inputs inputs = input()) {
            publication.publish(Work.of(claim(), inputs), ROW_COUNTS, List.of(result()), ROW);
        }
        assertThat(rowsAndStates()).isEqualTo("1 succeeded");
        assertThat(folder.resolve("result.csv")).hasContent("new");
    }

    @Test
    void what_fails_after_the_commit_leaves_the_run_as_it_ended() throws Exception {
        try (Inputs inputs = input();
                Work work = Work.of(claim(), inputs)) {
            publication.publish(work, ROW_COUNTS, List.of(result()), ROW);
            TestLocations.endings(ledger, new Degradations(InstantSource.system()))
                    .failed(work, new IllegalStateException("a step after it"));
        }
        assertThat(rowsAndStates()).isEqualTo("1 succeeded");
    }

    @Test
    void a_second_beginning_is_refused_and_holds_no_connection() throws Exception {
        try (Inputs inputs = input();
                Work work = Work.of(claim(), inputs)) {
            publication.begin(work);
            for (int more = 0; more < 20; more++) {
                assertThatThrownBy(() -> publication.begin(work))
                        .isInstanceOf(Problem.class)
                        .hasMessageContaining("begins to change the database twice");
            }
        }
        assertThat(rowsAndStates()).isEqualTo("0 running");
    }

    @Test
    void an_input_that_changed_while_it_was_read_stops_it() throws Exception {
        try (Inputs inputs = input()) {
            Files.writeString(folder.resolve("in.csv"), "longer");
            assertThatThrownBy(() -> publication.publish(Work.of(claim(), inputs), ROW_COUNTS, List.of(result()), ROW))
                    .isInstanceOf(InputsChanged.class)
                    .hasMessageContaining("in.csv changed while being read");
        }
        assertNothingPublished();
    }

    @Test
    void a_table_that_cannot_be_loaded_stops_it() throws Exception {
        try (Inputs inputs = input()) {
            assertThatThrownBy(() ->
                            publication.publish(Work.of(claim(), inputs), ROW_COUNTS, List.of(result()), connection -> {
                                ROW.in(connection);
                                throw new SQLException("gone");
                            }))
                    .hasMessage("gone");
        }
        assertNothingPublished();
    }

    @Test
    void a_file_that_cannot_be_put_in_place_stops_it() throws Exception {
        try (Inputs inputs = input()) {
            Prepared result = result();
            Files.delete(folder.resolve("result.csv"));
            Files.createDirectories(folder.resolve("result.csv/in-the-way"));
            assertThatThrownBy(() -> publication.publish(Work.of(claim(), inputs), ROW_COUNTS, List.of(result), ROW))
                    .isInstanceOf(IOException.class);
        }
        assertThat(rowsAndStates()).isEqualTo("0 running");
    }

    @Test
    void rows_that_got_lost_stop_it() throws Exception {
        RowCounts lossy = new RowCounts(3, 1, 1, Map.of(), List.of());
        try (Inputs inputs = input()) {
            assertThatThrownBy(() -> publication.publish(Work.of(claim(), inputs), lossy, List.of(result()), ROW))
                    .hasMessageContaining("don't balance");
        }
        assertNothingPublished();
    }

    /** From now on others may take the run over; as in a frozen process, nobody renews the lease. */
    private void endLease() throws SQLException {
        execute("UPDATE brigade.runs SET lease_until = now() - interval '1 second'");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void loadWhileTheLeaseEnds(Connection connection) throws SQLException, IOException {
        ROW.in(connection);
        endLease();
    }

    /** What another process does that finds the lease of ours ended. */
    private void takeOver(Prepared result) throws Exception {
        Ledger other = new Ledger(database.pool(), "another process", Duration.ofSeconds(30));
        Run run = other.claim(new Claim("leaderboard", "rank", "test", "b", List.of(), true))
                .orElseThrow();
        Publication others = TestLocations.publication(database, other);
        try (Inputs inputs = new Inputs()) {
            others.publish(Work.of(run, inputs), ROW_COUNTS, List.of(result), ROW);
        }
    }

    private Prepared newer() throws IOException {
        return TestLocations.FOLDERS
                .of(folder.toString())
                .prepare("result.csv", "2", out -> out.write("newer".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_process_that_is_frozen_in_the_middle_of_its_load_loses_its_session_and_publishes_nothing() throws Exception {
        Run run = claim();
        Prepared result = result();
        Prepared newer = newer();
        try (Inputs inputs = input()) {
            assertThatThrownBy(
                            () -> publication.publish(Work.of(run, inputs), ROW_COUNTS, List.of(result), connection -> {
                                loadWhileTheLeaseEnds(connection);
                                try (Statement statement = connection.createStatement()) {
                                    statement.execute("LOCK TABLE leaderboard IN SHARE ROW EXCLUSIVE MODE");
                                }
                                frozenMeanwhile(() -> takeOver(newer));
                            }))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(rowsAndStates()).isEqualTo("1 released,succeeded");
        assertThat(folder.resolve("result.csv")).hasContent("newer");
        assertThat(ledger.sessions().isTakenOver(run)).isTrue();
    }

    @Test
    void a_process_that_is_frozen_just_before_it_puts_its_file_in_place_leaves_the_newer_one_alone() throws Exception {
        Prepared newer = newer();
        Prepared frozen = new Frozen(result(), lastCheck -> {
            frozenMeanwhile(() -> takeOver(newer));
            lastCheck.run();
        });
        try (Inputs inputs = input()) {
            Run run = claim();
            assertThatThrownBy(() -> publication.publish(
                            Work.of(run, inputs), ROW_COUNTS, List.of(frozen), this::loadWhileTheLeaseEnds))
                    .isInstanceOf(Problem.class);
        }
        assertThat(rowsAndStates()).isEqualTo("1 released,succeeded");
        assertThat(folder.resolve("result.csv")).hasContent("newer");
        assertThat(ledger.claim(new Claim("leaderboard", "rank", "test", "c", List.of(), true)))
                .isPresent();
    }

    @Test
    void a_file_that_was_put_over_a_newer_one_after_all_is_made_again() throws Exception {
        Prepared newer = newer();
        Prepared frozen = new Frozen(result(), lastCheck -> {
            lastCheck.run();
            frozenMeanwhile(() -> takeOver(newer));
        });
        try (Inputs inputs = input()) {
            Run run = claim();
            assertThatThrownBy(() -> publication.publish(
                            Work.of(run, inputs), ROW_COUNTS, List.of(frozen), this::loadWhileTheLeaseEnds))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(rowsAndStates()).isEqualTo("1 released,succeeded");
        assertThat(folder.resolve("result.csv")).hasContent("new");
        assertThat(ledger.claim(new Claim("leaderboard", "rank", "test", "b", List.of(), true)))
                .isPresent();
    }

    private void loadWithTwoSecondsLeft(Connection connection) throws SQLException, IOException {
        ROW.in(connection);
        execute("UPDATE brigade.runs SET lease_until = clock_timestamp() + interval '2 seconds'");
    }

    @Test
    void who_asks_for_a_run_whose_process_is_frozen_in_its_last_steps_gets_it_when_its_lease_ends() throws Exception {
        Ledger other = new Ledger(database.pool(), "another process", Duration.ofSeconds(30));
        Prepared frozen = new Frozen(result(), lastCheck -> {
            lastCheck.run();
            frozenMeanwhile(() -> await().atMost(Duration.ofSeconds(20))
                    .until(() -> other.claim(new Claim("leaderboard", "rank", "test", "a", List.of(), true))
                            .isPresent()));
        });
        try (Inputs inputs = input()) {
            Run run = claim();
            assertThatThrownBy(() -> publication.publish(
                            Work.of(run, inputs), ROW_COUNTS, List.of(frozen), this::loadWithTwoSecondsLeft))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(rowsAndStates()).isEqualTo("0 released,running");
    }

    @Test
    void a_run_keeps_its_lease_however_long_its_files_take_to_be_put_in_place() throws Exception {
        Ledger other = new Ledger(database.pool(), "another process", Duration.ofSeconds(30));
        Prepared slow = new Frozen(result(), lastCheck -> {
            lastCheck.run();
            frozenMeanwhile(() -> {
                assertThat(heartbeat().get(10, TimeUnit.SECONDS)).isEqualTo(1);
                TimeUnit.MILLISECONDS.sleep(2_100);
                other.renew();
            });
        });
        try (Inputs inputs = input()) {
            publication.publish(Work.of(claim(), inputs), ROW_COUNTS, List.of(slow), this::loadWithTwoSecondsLeft);
        }
        assertThat(rowsAndStates()).isEqualTo("1 succeeded");
    }

    private CompletableFuture<Integer> heartbeat() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return ledger.renew();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void every_process_ends_the_sessions_of_runs_whose_leases_have_ended() throws Exception {
        Ledger other = new Ledger(database.pool(), "another process", Duration.ofSeconds(30));
        try (Inputs inputs = input()) {
            Run run = claim();
            assertThatThrownBy(() ->
                            publication.publish(Work.of(run, inputs), ROW_COUNTS, List.of(result()), connection -> {
                                loadWhileTheLeaseEnds(connection);
                                other.renew();
                            }))
                    .isInstanceOf(SQLException.class);
        }
        assertNothingPublished();
    }

    @Test
    void a_frozen_process_loses_its_session_behind_a_pooler_too_and_the_next_transaction_there_does_not()
            throws Exception {
        try (TestPooler pooler = new TestPooler(folder, TestDatabase.newUriOf("brigade"));
                Database pooled = Database.connect(DatabaseAddress.parse(pooler.uri(), "", ""))) {
            pooled.migrate(TestService.ROUTES);
            Ledger frozen = new Ledger(pooled.pool(), "frozen process", Duration.ofSeconds(30));
            Run run = frozen.claim(new Claim("leaderboard", "rank", "test", "a", List.of(), true))
                    .orElseThrow();
            try (Connection connection = pooled.pool().getConnection();
                    Connection beside = pooled.pool().getConnection();
                    Statement statement = connection.createStatement();
                    Statement onlooker = beside.createStatement()) {
                connection.setAutoCommit(false);
                frozen.sessions().mark(connection, run.id());
                assertThat(marked(onlooker)).isEqualTo(1);
                connection.commit();
                assertThat(marked(onlooker)).isZero();
                frozen.sessions().mark(connection, run.id());
                onlooker.execute("UPDATE brigade.runs SET lease_until = now() - interval '1 second'");
                new Ledger(pooled.pool(), "another process", Duration.ofSeconds(30)).renew();
                assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
                assertThat(marked(onlooker)).isZero();
            }
        }
    }

    private static int marked(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND application_name LIKE 'Bucket Brigade, run %'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private String rowsAndStates() throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT count(*) FROM leaderboard) || ' '"
                        + " || string_agg(state, ',' ORDER BY run_id) FROM brigade.runs")) {
            row.next();
            return row.getString(1);
        }
    }

    private interface Meanwhile {
        void happens() throws Exception;
    }

    private static void frozenMeanwhile(Meanwhile meanwhile) {
        try {
            meanwhile.happens();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file whose last step is a special one. */
    private record Frozen(Prepared file, Consumer<Runnable> lastStep) implements Prepared {
        @Override
        public String path() {
            return file.path();
        }

        @Override
        public void publish(Runnable lastCheck) throws IOException {
            lastStep.accept(lastCheck);
            file.publish();
        }

        @Override
        public void discard() {
            file.discard();
        }
    }
}
