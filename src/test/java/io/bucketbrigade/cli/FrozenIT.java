package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Two processes share one PostgreSQL. The one that works is frozen with SIGSTOP in the middle of a run; the other must take over, and
 * the first must not undo that when it wakes. In the short form, the other is the process of the test, which spares half of the starts;
 * it checks so seldom that the first nearly always gets the run. The long form has 700 000 authors, and results in a folder and in a bucket by turns:
 * {@code ./mvnw verify -Dit.test=FrozenIT -Dfreezes=30 [-Dfreezes.seed=…]}
 */
@Tag("slow")
class FrozenIT {
    private static final Logger LOG = LoggerFactory.getLogger(FrozenIT.class);
    private static final int SHORT_FORM = 2;
    private static final int FREEZES = Integer.getInteger("freezes", SHORT_FORM);
    private static final int FREEZES_PER_START = FREEZES == SHORT_FORM ? 1 : 5;
    private static final int AUTHORS = FREEZES == SHORT_FORM ? 25_000 : 700_000;
    private static final long SEED = Long.getLong("freezes.seed", System.nanoTime());
    /** A machine with much else to do takes half a minute for a run. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(30);

    private static final String LAST_TOOK_MS = """
            SELECT ceil(extract(epoch FROM finished_at - started_at) * 1000)::int FROM brigade.runs
            WHERE state = 'succeeded' ORDER BY run_id DESC LIMIT 1
            """;

    private static final String IN_ITS_LAST_STEPS = """
            SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                           WHERE locktype = 'advisory' AND granted AND application_name = 'Bucket Brigade, run %1$s')
                OR EXISTS (SELECT FROM brigade.runs WHERE run_id = %1$s AND state <> 'running')
            """;

    private static final String SESSIONS = """
            SELECT string_agg(concat_ws(' | ', pid, application_name, state, wait_event, clock_timestamp() - state_change,
                                        'blocked by ' || pg_blocking_pids(pid)::text, left(query, 80)), E'\\n')
            FROM pg_stat_activity WHERE datname = current_database()
            """;

    private final Random random = new Random(SEED);
    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String bucket = buckets.newBucket();
    private final Process[] services = new Process[FREEZES == SHORT_FORM ? 1 : 2];
    private final List<TestService> standby = new ArrayList<>();
    private final List<Double> takeOvers = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private String databaseUri = "";
    private int change;

    @AfterEach
    void stopAll() throws Exception {
        standby.forEach(TestService::close);
        standby.clear();
        for (Process service : services) {
            if (service != null) {
                service.destroyForcibly().waitFor();
            }
        }
    }

    private Path log(int number) {
        return folder.resolve("service" + number + ".txt");
    }

    private void start(int number, String result) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.commandWithin(400, "up"))
                .directory(Files.createDirectories(folder.resolve("service" + number))
                        .toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(number).toFile()));
        Map<String, String> environment = builder.environment();
        environment.putAll(environment(result, "200ms"));
        environment.put("BRIGADE_DATABASE_URL", databaseUri);
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        services[number] = builder.start();
    }

    private Map<String, String> environment(String result, String poll) {
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("BRIGADE_POLL", poll);
        environment.put("LEADERBOARD_RAW", folder.resolve("raw").toString());
        environment.put("LEADERBOARD_RESULT", result);
        return environment;
    }

    /** Nearly all authors have another number of messages at each change. */
    private static int messages(int author, int change) {
        return author == 1 ? change + 1 : 1 + (author + change) % 2;
    }

    private void change() throws IOException {
        change++;
        StringBuilder rows = new StringBuilder("message_id,author_id,received_at,content\n");
        for (int author = 1; author <= AUTHORS; author++) {
            rows.append(("1," + author + ",x,a\n").repeat(messages(author, change)));
        }
        Path beside = Files.writeString(folder.resolve("messages.new"), rows);
        Files.move(beside, folder.resolve("raw/messages.csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String resultText(boolean inBucket) throws IOException {
        if (!inBucket) {
            Path file = folder.resolve("result/pipeline_result.csv");
            return Files.exists(file) ? Files.readString(file) : "";
        }
        try {
            return buckets.get(bucket, "result/pipeline_result.csv").asUtf8String();
        } catch (NoSuchKeyException notYet) {
            return "";
        }
    }

    /** How many authors a result file has, if all of them have their number of messages; else the first line that is wrong. */
    private static String checked(String result, int change) {
        List<String> lines = result.lines().skip(1).toList();
        for (String line : lines) {
            String[] fields = line.split(",", -1);
            if (Integer.parseInt(fields[1]) != messages(Integer.parseInt(fields[0]), change)) {
                return line;
            }
        }
        return lines.size() + " authors";
    }

    private static String ask(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    @Test
    void another_process_takes_over_from_one_that_is_frozen_and_its_board_stays_when_that_one_wakes() throws Exception {
        Files.createDirectories(folder.resolve("raw"));
        Files.writeString(folder.resolve("raw/users.csv"), "user_id,first_name,last_name\n1,Ana,Lima\n");
        SetUpPostgres.copyInto(folder.resolve("database"));
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("database/postgres"), 0));
                Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            databaseUri = connection
                    .getMetaData()
                    .getURL()
                    .replaceFirst("^jdbc:postgresql://([^?]*).*", "postgresql://postgres@$1");
            boolean inBucket = random.nextBoolean();
            for (int done = 0; done < FREEZES; done += FREEZES_PER_START) {
                startBoth(statement, inBucket);
                while (takeOvers.size() < Math.min(done + FREEZES_PER_START, FREEZES)) {
                    freeze(statement, inBucket);
                }
                inBucket = !inBucket;
            }
            // They need the database.
            stopAll();
        }
        Collections.sort(takeOvers);
        LOG.info(
                "{} takeovers, after {} s (median), {} s at most",
                takeOvers.size(),
                takeOvers.get(takeOvers.size() / 2),
                takeOvers.get(takeOvers.size() - 1));
    }

    private void startBoth(Statement statement, boolean inBucket) throws Exception {
        stopAll();
        change();
        String result = inBucket ? "s3://" + bucket + "/result" : folder.resolve("result") + "";
        for (int number = 0; number < services.length; number++) {
            Files.deleteIfExists(log(number));
            start(number, result);
        }
        for (int number = 0; number < services.length; number++) {
            Process service = services[number];
            Path log = log(number);
            await().atMost(PATIENCE)
                    .failFast(() -> assertThat(service.isAlive())
                            .as(Files.readString(log))
                            .isTrue())
                    .until(() -> Files.readString(log).contains("leaderboard: watching"));
        }
        awaitBoard(statement, inBucket, "start");
        if (services.length == 1) {
            standby.add(new TestService(folder.resolve("standby"), databaseUri, environment(result, "2s")));
        }
    }

    /** The number of a run that has just begun in a process that can be frozen, and the number of that process. */
    private String[] awaitRun(Statement statement, boolean inBucket) throws Exception {
        String before = ask(statement, "SELECT max(run_id) FROM brigade.runs");
        change();
        String running =
                "SELECT run_id || ' ' || owner FROM brigade.runs WHERE state = 'running' AND run_id > " + before;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> !ask(statement, running)
                .isEmpty());
        String[] run = ask(statement, running).split("[ @]");
        if (Long.parseLong(run[1]) != ProcessHandle.current().pid()) {
            return run;
        }
        awaitBoard(statement, inBucket, "a run of the test's own process");
        return awaitRun(statement, inBucket);
    }

    private void freeze(Statement statement, boolean inBucket) throws Exception {
        String[] run = awaitRun(statement, inBucket);
        String moment = awaitMoment(statement, run[0], inBucket);
        signal("STOP", run[1]);
        try {
            String state = "SELECT state FROM brigade.runs WHERE run_id = " + run[0];
            // A commit that was on its way when the process was frozen comes through.
            TimeUnit.MILLISECONDS.sleep(200);
            if (ask(statement, state).equals("running")) {
                String as = "run " + run[0] + ", result in a " + (inBucket ? "bucket" : "folder") + ", frozen " + moment
                        + ", seed " + SEED + ", logs in " + folder;
                String frozenAt = ask(statement, "SELECT clock_timestamp()");
                awaitTakeOver(statement, run[0], frozenAt, as);
                awaitBoard(statement, inBucket, as);
                change();
                awaitBoard(statement, inBucket, as);
                signal("CONT", run[1]);
                awaitNothingOverwritten(run, inBucket, as);
                awaitBoard(statement, inBucket, "woken: " + as);
            }
        } finally {
            signal("CONT", run[1]);
        }
        awaitBoard(statement, inBucket, "change " + change + ", seed " + SEED);
    }

    /** A moment anywhere in the run, or in its last steps, which hold the most locks and which a bucket makes longer. */
    private String awaitMoment(Statement statement, String run, boolean inBucket) throws Exception {
        boolean inLastSteps = inBucket && (FREEZES == SHORT_FORM || random.nextBoolean());
        if (!inLastSteps) {
            int moment = random.nextInt(Integer.parseInt(ask(statement, LAST_TOOK_MS)));
            TimeUnit.MILLISECONDS.sleep(moment);
            return "after " + moment + " ms";
        }
        int moment = random.nextInt(10);
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> ask(statement, IN_ITS_LAST_STEPS.formatted(run)).equals("t"));
        TimeUnit.MILLISECONDS.sleep(moment);
        return moment + " ms into its last steps";
    }

    private void awaitTakeOver(Statement statement, String run, String frozenAt, String as) {
        String seconds = "SELECT extract(epoch FROM min(started_at) - '" + frozenAt + "'::timestamptz)"
                + " FROM brigade.runs WHERE run_id > " + run;
        await().atMost(TAKEN_OVER_WITHIN).untilAsserted(() -> assertThat(ask(statement, seconds))
                .as("%s%n%s", as, ask(statement, SESSIONS))
                .isNotEqualTo("null"));
        try {
            takeOvers.add(Double.parseDouble(ask(statement, seconds)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        LOG.info("Takeover {} after {} s ({})", takeOvers.size(), takeOvers.get(takeOvers.size() - 1), as);
    }

    private void awaitBoard(Statement statement, boolean inBucket, String as) {
        String table = "SELECT count(*) || ' authors, ' || sum(messages) FROM leaderboard";
        long sum = 0;
        for (int author = 1; author <= AUTHORS; author++) {
            sum += messages(author, change);
        }
        String expected = AUTHORS + " authors, " + sum;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            assertThat(ask(statement, "SELECT to_regclass('leaderboard') IS NOT NULL"))
                    .isEqualTo("t");
            // Counting the whole table at each poll would slow down what the test waits for.
            assertThat(ask(statement, "SELECT messages FROM leaderboard WHERE user_id = '1'"))
                    .as(as)
                    .isEqualTo(Integer.toString(change + 1));
            assertThat(ask(statement, table)).as(as).isEqualTo(expected);
            assertThat(checked(resultText(inBucket), change)).as(as).isEqualTo(AUTHORS + " authors");
        });
    }

    /**
     * The frozen process says in one line what happened, and goes on. Only a request to S3 that was on its way can still replace the
     * newer result; that is said, and made good.
     */
    private void awaitNothingOverwritten(String[] run, boolean inBucket, String as) {
        int number = services[0].pid() == Long.parseLong(run[1]) ? 0 : 1;
        AtomicBoolean overwritten = new AtomicBoolean();
        await().atMost(PATIENCE).untilAsserted(() -> {
            overwritten.compareAndSet(
                    false, !checked(resultText(inBucket), change).equals(AUTHORS + " authors"));
            assertThat(Files.readString(log(number)))
                    .as(as)
                    .contains("Run " + run[0] + " of leaderboard was taken over by another process")
                    .doesNotContain("Run " + run[0] + " of leaderboard (rank) failed", "\tat ");
        });
        await().atMost(PATIENCE).during(Duration.ofMillis(500)).until(() -> {
            boolean right = checked(resultText(inBucket), change).equals(AUTHORS + " authors");
            overwritten.compareAndSet(false, !right);
            return right;
        });
        if (overwritten.get()) {
            assertThat(inBucket).as(as).isTrue();
            assertThat(log(number))
                    .content()
                    .contains("Run " + run[0] + " of leaderboard put a file in place too late");
        }
    }

    private static void signal(String name, String pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
    }
}
