package io.bucketbrigade.cli;

import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Accounts;
import io.bucketbrigade.runs.RejectedFile;
import io.bucketbrigade.runs.TooManyRejected;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "aggregate",
        description = "Makes the ranking and writes it to a file. Needs no database and no server.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  brigade aggregate samples/leaderboard/messages.csv samples/leaderboard/users.csv ranking.csv"
        })
final class AggregateCommand extends ServiceCommand {
    private static final List<String> ROUTES = List.of(
            "shared/inner-steps.camel.yaml",
            "leaderboard/leaderboard-parts.camel.yaml",
            "leaderboard/leaderboard-aggregate.camel.yaml",
            "leaderboard/leaderboard-rank.camel.yaml",
            "leaderboard/leaderboard-count.camel.yaml",
            "leaderboard/leaderboard-name.camel.yaml");

    @Parameters(
            index = "0",
            paramLabel = "MESSAGES",
            description = "messages.csv: message_id,author_id,received_at,content")
    private Path messages = Path.of("");

    @Parameters(index = "1", paramLabel = "USERS", description = "users.csv: user_id,first_name,last_name")
    private Path users = Path.of("");

    @Parameters(
            index = "2",
            paramLabel = "OUTPUT",
            description =
                    "The file to write, or a folder for pipeline_result.csv. Rejected rows go to rejected.csv beside it.")
    private String output = "";

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        Logging.onlyWarnings();
        Settings settings = settings(Map.of());
        Path file = outputFile();
        String folder = String.valueOf(file.getParent());
        try (Inputs inputs = openInputs();
                OneShot camel = new OneShot(settings, ROUTES, null)) {
            Object outcome = camel.call(
                    "direct:leaderboard-aggregate",
                    "",
                    Map.of("inputs", inputs, "resultFolder", folder, "resultName", String.valueOf(file.getFileName())));
            out().println(summary((Accounts) outcome, file, (System.nanoTime() - start) / 1e9));
        } catch (Exception e) {
            Optional<TooManyRejected> tooMany = Problems.find(e, TooManyRejected.class);
            if (tooMany.isPresent()) {
                RejectedFile.prepare(
                                Locations.of(folder), "aggregate", tooMany.get().rejected())
                        .publish();
            }
            throw e;
        }
        return 0;
    }

    private Inputs openInputs() throws IOException {
        return new Inputs()
                .with(
                        "messages.csv",
                        Inputs.ofFile("messages.csv", messages.toString()).get("messages.csv"))
                .with("users.csv", Inputs.ofFile("users.csv", users.toString()).get("users.csv"));
    }

    private Path outputFile() {
        Path path = Path.of(output).toAbsolutePath().normalize();
        boolean folder = output.endsWith("/") || Files.isDirectory(path);
        return folder ? path.resolve("pipeline_result.csv") : path;
    }

    private static String summary(Accounts accounts, Path file, double seconds) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d rows read, %,d authors, %,d unknown authors, %,d rejected rows, %.2f seconds: %s",
                accounts.rowsRead(),
                accounts.note("authors"),
                accounts.note("unknown_authors"),
                accounts.rowsRejected(),
                seconds,
                file));
        if (!accounts.rejected().isEmpty()) {
            line.append(" (see rejected.csv beside it)");
        }
        if (accounts.note("duplicate_users") > 0) {
            line.append(String.format(
                    Locale.ROOT,
                    "; %,d repeated user_ids, of which the last counts",
                    accounts.note("duplicate_users")));
        }
        return line.toString();
    }
}
