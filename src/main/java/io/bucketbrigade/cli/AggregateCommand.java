package io.bucketbrigade.cli;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.RejectedFile;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.TooManyRejected;
import io.bucketbrigade.runs.Work;
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
        description = "Computes the ranking and writes it to a file. Needs neither database nor server.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  brigade aggregate samples/leaderboard/messages.csv samples/leaderboard/users.csv ranking.csv"
        })
final class AggregateCommand extends ServiceCommand {
    private static final String PIPELINE = "leaderboard";
    private static final String ROUTE = "leaderboard-aggregate";
    private static final String RESULT = "pipeline_result.csv";

    @Parameters(
            index = "0",
            paramLabel = "MESSAGES",
            description = "messages.csv: message_id,author_id,received_at,content")
    private String messages = "";

    @Parameters(index = "1", paramLabel = "USERS", description = "users.csv: user_id,first_name,last_name")
    private String users = "";

    @Parameters(
            index = "2",
            paramLabel = "OUTPUT",
            description = {
                "The file to write, or a folder for pipeline_result.csv. Rejected rows go to rejected.csv beside it.",
                "Each of the three may also be an object: s3://bucket/key"
            })
    private String output = "";

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        Target target = target();
        List<String> places = List.of(messages, users, output);
        try (OneShot camel = new OneShot(settings, PIPELINE, List.of(ROUTE), places, null);
                Inputs inputs = openInputs(camel.locations())) {
            Object outcome = rank(camel, inputs, target);
            out().println(summary((RowCounts) outcome, target.path(), (System.nanoTime() - start) / 1e9));
        }
        return 0;
    }

    private static Object rank(OneShot camel, Inputs inputs, Target target) throws Exception {
        try {
            return camel.call(
                    "direct:" + ROUTE,
                    "",
                    Map.of(
                            Work.VARIABLE,
                            Work.unrecorded(PIPELINE, inputs),
                            "resultFolder",
                            target.folder(),
                            "resultName",
                            target.name()));
        } catch (Exception e) {
            Optional<TooManyRejected> tooMany = Problems.find(e, TooManyRejected.class);
            if (tooMany.isPresent()) {
                RejectedFile.prepare(
                                camel.locations().of(target.folder()),
                                "aggregate",
                                tooMany.get().rowCounts().rejected())
                        .publish();
            }
            throw e;
        }
    }

    private Inputs openInputs(Locations locations) throws IOException {
        return new Inputs().with("messages.csv", locations.open(messages)).with("users.csv", locations.open(users));
    }

    /** Where the result goes. */
    private record Target(String folder, String name) {
        String path() {
            return folder + "/" + name;
        }
    }

    private Target target() {
        if (Locations.isBucket(output)) {
            int end = output.lastIndexOf('/');
            boolean named = end > output.indexOf("//") + 1 && end < output.length() - 1;
            return named
                    ? new Target(output.substring(0, end), output.substring(end + 1))
                    : new Target(output.replaceAll("/+$", ""), RESULT);
        }
        Path path = FilePaths.of(output);
        boolean folder = output.endsWith("/") || Files.isDirectory(path);
        return folder
                ? new Target(path.toString(), RESULT)
                : new Target(String.valueOf(path.getParent()), String.valueOf(path.getFileName()));
    }

    private static String summary(RowCounts rowCounts, String path, double seconds) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%s read, %s, %s, %s, %.2f seconds: %s",
                Counted.of(rowCounts.rowsRead(), "row"),
                Counted.of(rowCounts.note("authors"), "author"),
                Counted.of(rowCounts.note("unknown_authors"), "unknown author"),
                Counted.of(rowCounts.rowsRejected(), "rejected row"),
                seconds,
                path));
        if (!rowCounts.rejected().isEmpty()) {
            line.append(" (see rejected.csv beside it)");
        }
        if (rowCounts.note("duplicate_users") > 0) {
            line.append("; ")
                    .append(Counted.of(rowCounts.note("duplicate_users"), "repeated user_id"))
                    .append(", the last of which counts");
        }
        rowCounts.remarks().forEach(remark -> line.append("; ").append(remark));
        return line.toString();
    }
}
