package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.support.FolderCopy;
import io.bucketbrigade.support.ManyRuns;
import io.bucketbrigade.support.ManyRuns.Read;
import io.bucketbrigade.support.RawCall;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger of very many runs is asked as fast as one of ten. That is not timed: PostgreSQL counts the rows that it reads, and whoever reads all
 * runs, or all of a pipeline, in any call, command, check or run reads more than is allowed here.
 */
@Tag("slow")
class ManyRunsTest {
    private static final int RUNS = Integer.getInteger("runs.kept", 100_000);
    /** PostgreSQL plans a statement without its values when it was asked often enough. */
    private static final int TIMES = 12;

    private static final List<String> TABLES =
            List.of("brigade.runs", "brigade.outbox", "brigade.run_steps", "brigade.quality_verdicts");

    @TempDir
    private Path folder = Path.of("");

    private static Connection connect(String uri) throws Exception {
        DatabaseAddress address = DatabaseAddress.parse(uri, "", "");
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    @Test
    void no_call_check_command_or_run_reads_the_whole_ledger() throws Exception {
        String uri = TestDatabase.newUriWithTables();
        try (Connection filling = connect(uri)) {
            ManyRuns.fill(filling, RUNS);
        }
        awaitEndOfSessions(uri);
        List<Read> before = read(uri);
        long begun = System.nanoTime();
        Map<String, String> environment = Map.of(
                "BRIGADE_DATA", folder.toString(),
                "BRIGADE_MAIL_TO", "somebody@example.com",
                "BRIGADE_MAIL_PORT", Integer.toString(TestService.freePort()));
        try (TestService service = new TestService(folder, uri, environment)) {
            FolderCopy.copy(TestService.HOME.resolve("samples/orders"), folder.resolve("orders/raw"));
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> service.ask("SELECT count(DISTINCT pipeline) FROM brigade.runs WHERE run_id > " + RUNS
                                    + " AND state <> 'running'")
                            .equals("2"));
            for (String path : readable(service.runs().path(0).path("id").asText())) {
                for (int time = 0; time < TIMES; time++) {
                    assertThat(RawCall.sendHead(service.port(), "GET", path, "").status())
                            .as(path)
                            .isLessThan(500);
                }
            }
            assertThat(CommandResult.of(environmentOf(uri), "doctor").out()).contains("The database");
            assertThat(CommandResult.of(environmentOf(uri), "plan", "leaderboard")
                            .status())
                    .isZero();
        }
        System.out.printf(
                "%d runs: %d ms%n",
                RUNS, Duration.ofNanos(System.nanoTime() - begun).toMillis());
        awaitEndOfSessions(uri);
        List<Read> after = read(uri);
        for (int at = 0; at < TABLES.size(); at++) {
            Read read = after.get(at).since(before.get(at));
            System.out.println(TABLES.get(at) + " " + read);
            assertThat(read.inScans()).as(TABLES.get(at)).isLessThan(RUNS / 10);
            assertThat(read.byIndexes()).as(TABLES.get(at)).isLessThan(RUNS);
        }
    }

    private Map<String, String> environmentOf(String uri) {
        return Map.of(
                "BRIGADE_DATA", folder.toString(),
                "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                "BRIGADE_DATABASE_URL", uri);
    }

    private static List<String> readable(String run) throws Exception {
        List<String> paths = new ArrayList<>(List.of(
                "/observe/health",
                "/observe/metrics",
                "/runs?state=running",
                "/runs?state=skipped&limit=10",
                "/runs?pipeline=orders",
                "/runs?pipeline=nothing",
                "/runs?pipeline=stocks&state=failed&before=" + RUNS / 2));
        for (Map.Entry<String, JsonNode> path : TestService.contractPaths().properties()) {
            if (path.getValue().has("get")) {
                paths.add(path.getKey()
                        .replace("{file}", "messages.csv")
                        .replace("{id}", run)
                        .replace("{pipeline}", "leaderboard")
                        .replace("{table}", "agg_shipments")
                        .replace("{chart}", "totals")
                        .replaceAll("\\{[^}]+}", "some-name"));
            }
        }
        return paths;
    }

    private static List<Read> read(String uri) throws Exception {
        List<Read> read = new ArrayList<>();
        try (Connection connection = connect(uri)) {
            for (String table : TABLES) {
                read.add(ManyRuns.read(connection, table));
            }
        }
        return read;
    }

    /** A session adds what it read to the figures of the database at its end at the latest. */
    private static void awaitEndOfSessions(String uri) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Connection connection = connect(uri);
                    var row = connection
                            .createStatement()
                            .executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND backend_type = 'client backend' AND pid <> pg_backend_pid()")) {
                row.next();
                return row.getInt(1) == 0;
            }
        });
    }
}
