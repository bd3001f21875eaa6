package io.bucketbrigade.cli;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.Backups;
import io.bucketbrigade.database.Backups.Restored;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.BrigadeService;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Replaces the embedded database by that of a file that backup wrote. Stop the service first.",
            "The database that was there before is kept beside it. Restore only files that you trust: they hold SQL."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade restore brigade.backup"})
final class RestoreCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file to read")
    private String file = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        Path source = FilePaths.of(file);
        Backups backups = BackupCommand.embedded(settings, "pg_restore");
        BrigadeService.makeDataFolder(settings.path("brigade.data"));
        Restored restored = backups.restore(source, settings.routeFolders());
        out().println("Restored " + Counted.of(restored.content().rows(), "row") + " in "
                + Counted.of(restored.content().tables().size(), "table") + ", as of "
                + restored.content().madeAt() + "; " + Counted.of(restored.newer(), "newer migration") + " applied.");
        restored.before().ifPresent(before -> out().println("The database that was there before is in " + before
                + ". Remove that folder when you no longer need it."));
        if (restored.content().tables().stream()
                .anyMatch(table -> table.name().equals("stream_logs") && table.rows() > 0)) {
            out().println(
                            "The archive of a stream must be of the same moment: before you start the service, put back the copy that was made with"
                                    + " this backup. docs/RELIABILITY.md says why.");
        }
        if (!restored.missing().isEmpty()) {
            err().println("Warning: no migration makes what else the database had. Create it again: "
                    + String.join(", ", restored.missing()) + ".");
        }
        return 0;
    }
}
