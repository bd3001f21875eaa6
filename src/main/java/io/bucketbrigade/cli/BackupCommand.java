package io.bucketbrigade.cli;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.BackupContent;
import io.bucketbrigade.database.BackupContent.Table;
import io.bucketbrigade.database.Backups;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = {
            "Writes the embedded database into a file, as it is at one moment. The service may be running.",
            "Files are not in it: copy raw and result folders and the lake after it. For the archive of a stream, stop the service before both."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade backup brigade.backup"})
final class BackupCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file to write")
    private String file = "";

    @Option(names = "--force", description = "Replace the file if it exists")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Path target = FilePaths.of(file);
        BackupContent content = embedded(settings(Map.of()), "pg_dump").write(target, force);
        out().println(target + ": " + Counted.of(content.rows(), "row") + ", " + Counted.of(Files.size(target), "byte")
                + ", from PostgreSQL " + content.postgres() + ".");
        Map<String, List<Table>> schemas = content.tables().stream()
                .collect(Collectors.groupingBy(Table::schema, TreeMap::new, Collectors.toList()));
        schemas.forEach((schema, tables) -> out().println(String.format(
                "  %-14s %14s in %s",
                schema,
                Counted.of(tables.stream().mapToLong(Table::rows).sum(), "row"),
                Counted.of(tables.size(), "table"))));
        out().println(
                        "Files are not in it. Copy raw and result folders and the lake now; for the archive of a stream, stop the service before the backup.");
        return 0;
    }

    /**
     * The embedded database.
     *
     * @param instead the program for other databases
     * @throws Problem if the settings name another database
     */
    static Backups embedded(Settings settings, String instead) {
        SettingsCheck.require(settings, List.of());
        if (!settings.text("brigade.database.url").isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "BRIGADE_DATABASE_URL names a database of your own, and this command is for the embedded one. Use "
                            + instead + " of PostgreSQL, or what your provider has for backups.");
        }
        return new Backups(settings.path("brigade.data").resolve("postgres"), settings.text("brigade.database.schema"));
    }
}
