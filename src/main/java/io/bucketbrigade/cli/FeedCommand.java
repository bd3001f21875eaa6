package io.bucketbrigade.cli;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.OneShot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "feed",
        description = "Loads a pipeline_result.csv into the table leaderboard of a database. Sets up the tables first.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  brigade feed postgresql://brigade:secret@localhost:5432/brigade data/leaderboard/result/pipeline_result.csv"
        })
final class FeedCommand extends ServiceCommand {
    private static final String ROUTE = "leaderboard-feed";
    private static final List<String> ROUTES = List.of(ROUTE, "runs-heartbeat");

    @Parameters(index = "0", paramLabel = "DATABASE_URI", description = "postgresql://user:password@host:port/database")
    private String address = "";

    @Parameters(
            index = "1",
            paramLabel = "DATA_PATH",
            description = "The file or object (s3://bucket/key) to load: user_id,messages,name")
    private String dataPath = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        try (Database database = MigrateCommand.open(settings, address)) {
            database.migrate(settings.routeFolders());
            try (OneShot camel = new OneShot(settings, "leaderboard", ROUTES, List.of(dataPath), database)) {
                RowCounts rowCounts =
                        (RowCounts) camel.call("direct:" + ROUTE, dataPath, Map.of("trigger", "command line"));
                out().println(String.format(
                        Locale.ROOT,
                        "%s in the table leaderboard of %s.",
                        Counted.of(rowCounts.rowsCounted(), "row is", "rows are"),
                        database.describe()));
            }
        }
        return 0;
    }
}
