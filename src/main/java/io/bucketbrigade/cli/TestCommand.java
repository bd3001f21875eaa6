package io.bucketbrigade.cli;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.starting.RoutesInspection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "test",
        description = {
            "Runs the golden samples of a pipeline, each with its own database, and shows what differs from the expected results.",
            "A sample is a folder below the pipeline's samples with its input files and NAME.expected.csv for each result, a file or a",
            "table, or error.expected.txt. Of a pipeline with a stream, the rows of the files are also sent, with the same results. Uses its own folders and PostgreSQL, which are removed afterwards."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade test orders"})
final class TestCommand extends ServiceCommand {
    /** The database with all tables, of which each sample gets a copy. */
    private static final String TABLES = "tables";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Exports follow the commit. */
    private static final String LATEST = """
            SELECT CASE WHEN EXISTS (SELECT FROM brigade.unfinished_files f WHERE f.run_id = r.run_id)
                          OR (SELECT count(*) FROM brigade.runs WHERE pipeline = r.pipeline AND state IN ('succeeded', 'failed')) < ?
                        THEN 'running' ELSE state END,
                   coalesce(error, '')
            FROM brigade.runs r
            WHERE pipeline = ?
            ORDER BY run_id DESC
            LIMIT 1
            """;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PIPELINE",
            description = "The pipeline; by default all of them")
    private String pipeline = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings own = settings(Map.of());
        RoutesInspection.require(own);
        LogLevels.onlyErrors();
        Pipelines pipelines = Pipelines.read(own.routeFolders());
        List<GoldenSample> samples = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Pipeline one : pipeline.isEmpty() ? pipelines.all() : List.of(pipelines.get(pipeline))) {
            List<GoldenSample> those = GoldenSample.of(one);
            samples.addAll(those);
            faults.addAll(SampleFaults.of(one, those, own));
        }
        if (!faults.isEmpty()) {
            throw new Problem(Kind.USAGE, String.join("\n", faults));
        }
        if (samples.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "There are no samples with NAME.expected.csv or error.expected.txt below "
                            + (pipeline.isEmpty()
                                    ? "samples/"
                                    : pipelines.get(pipeline).samples())
                            + ".");
        }
        Path folder = TemporaryFolder.create("brigade-test");
        EmbeddedServer server = new EmbeddedServer(folder.resolve("postgres"), RehearseCommand.freePort());
        try (Database database = Database.embedded(server)) {
            return run(samples, folder, database);
        } finally {
            TemporaryFolder.remove(folder);
        }
    }

    private int run(List<GoldenSample> samples, Path folder, Database server) throws Exception {
        try (Database template = server.createBeside(TABLES)) {
            template.migrate(settings(Map.of()).routeFolders());
        }
        int failed = 0;
        for (int number = 0; number < samples.size(); number++) {
            GoldenSample sample = samples.get(number);
            String mark = "sample" + number;
            List<String> differences = new ArrayList<>();
            if (sample.isRead()) {
                try (Database database = server.createBeside(mark, TABLES)) {
                    differences.addAll(read(sample, folder.resolve(mark), database));
                }
            }
            if (sample.isSent()) {
                try (Database database = server.createBeside(mark + "sent", TABLES)) {
                    send(sample, folder.resolve(mark + "sent"), database)
                            .forEach(difference -> differences.add("when its rows are sent: " + difference));
                }
            }
            if (!differences.isEmpty()) {
                failed++;
                out().println("FAILED " + sample.name());
                differences.forEach(difference -> out().println("       " + difference));
            }
        }
        out().println(Counted.of(samples.size(), "sample") + ": "
                + (failed == 0 ? "all as expected." : failed + " not as expected."));
        return failed == 0 ? 0 : 1;
    }

    private Settings settings(GoldenSample sample, Path data) {
        Map<String, String> variables = new HashMap<>(sample.environment(data));
        variables.put("BRIGADE_HOME", variable("BRIGADE_HOME"));
        variables.put("BRIGADE_ROUTES", variable("BRIGADE_ROUTES"));
        return Brigade.settings(variables, Map.of("brigade.database.url", ""));
    }

    private List<String> send(GoldenSample sample, Path data, Database database) throws Exception {
        Settings settings = settings(sample, data);
        String name = sample.pipeline().name();
        try (OneShot camel = new OneShot(settings, name, List.of("stream:" + name), List.of(), database)) {
            OneShot.requireReader(settings, sample.pipeline());
            return sample.differences(
                    new SentSample(sample, camel).outcome(data), settings, database, camel.locations());
        } catch (Problem problem) {
            return List.of(Problems.of(problem).sentence());
        }
    }

    private List<String> read(GoldenSample sample, Path data, Database database) throws Exception {
        Settings settings = settings(sample, data);
        String name = sample.pipeline().name();
        sample.putInputs(settings);
        try (OneShot camel = new OneShot(settings, name, List.of("claim:" + name), List.of(), database)) {
            OneShot.requireRoute(settings, sample.pipeline());
            camel.call("claim:" + name, "test", Map.of());
            Ending ending = awaitEnding(database, name, sample.runs());
            String rejected =
                    sample.pipeline().definition().stream() == null ? "" : GoldenSample.rejectedOfRuns(database);
            return sample.differences(
                    new SampleOutcome(ending.state(), ending.error(), rejected), settings, database, camel.locations());
        } catch (Problem problem) {
            return List.of(Problems.of(problem).sentence());
        }
    }

    /** How a run ended. */
    private record Ending(String state, String error) {}

    private static Ending awaitEnding(Database database, String pipeline, int runs) {
        RetryPolicy<Ending> patience = RetryPolicy.<Ending>builder()
                .abortOn(Throwable.class)
                .handleResultIf(ending -> ending == null || ending.state().equals("running"))
                .withDelay(Duration.ofMillis(20))
                .withMaxDuration(PATIENCE)
                .withMaxAttempts(-1)
                .build();
        return Failsafe.with(patience).get(() -> latest(database, pipeline, runs));
    }

    private static Ending latest(Database database, String pipeline, int runs) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement select = connection.prepareStatement(LATEST)) {
            select.setInt(1, runs);
            select.setString(2, pipeline);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Ending(row.getString(1), row.getString(2))
                        : new Ending("did not begin: inputs are missing", "");
            }
        }
    }
}
