package io.bucketbrigade.cli;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "migrate",
        description = "Sets up the tables in a database, or brings them up to date.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade migrate postgresql://brigade:secret@localhost:5432/brigade"})
final class MigrateCommand extends ServiceCommand {
    @Parameters(paramLabel = "DATABASE_URI", description = "postgresql://user:password@host:port/database")
    private String address = "";

    @Override
    public Integer call() throws SQLException {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        try (Database database = open(settings, address)) {
            int applied = database.migrate(settings.routeFolders());
            out().println(
                            applied == 0
                                    ? "The tables in " + database.describe() + " are up to date."
                                    : Counted.of(applied, "migration") + " applied to " + database.describe() + ".");
            List<String> missing = database.missing(settings.routeFolders());
            if (!missing.isEmpty()) {
                out().flush();
                throw new Problem(Kind.USAGE, String.join("\n", missing));
            }
        }
        return 0;
    }

    /** Connects; user and password may come from the settings. */
    static Database open(Settings settings, String address) {
        SettingsCheck.require(settings, List.of());
        return Database.connect(DatabaseAddress.of(address, settings::text));
    }
}
