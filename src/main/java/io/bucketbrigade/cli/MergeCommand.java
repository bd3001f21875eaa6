package io.bucketbrigade.cli;

import io.bucketbrigade.csv.CorrectedRows;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.rows.RejectedReader;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "merge",
        description = {
            "Writes a copy of a file in which the rows that you corrected in rejected.csv take the place of the rejected ones.",
            "Rows that are blank or unchanged in rejected.csv are left out of the copy. The file itself is only read."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  brigade merge data/leaderboard/raw/messages.csv data/leaderboard/result/rejected.csv corrected.csv"
        })
final class MergeCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file whose rows were rejected")
    private String file = "";

    @Parameters(index = "1", paramLabel = "REJECTED", description = "rejected.csv with its column row corrected")
    private String rejected = "";

    @Parameters(index = "2", paramLabel = "OUTPUT", description = "The file to write")
    private String output = "";

    @Override
    public Integer call() throws Exception {
        Logging.onlyWarnings();
        Settings settings = settings(Map.of());
        Path target = FilePaths.of(output);
        Path folder = target.getParent();
        Path name = target.getFileName();
        if (folder == null || name == null) {
            throw new Problem(Kind.USAGE, output + " can't be the name of a file.");
        }
        try (OneShot camel = new OneShot(settings, OneShot.withBuckets(List.of(), file, rejected), null);
                Source source = camel.locations().open(file);
                Source corrections = camel.locations().open(rejected)) {
            if (FilePaths.of(file).equals(target)) {
                throw new Problem(Kind.USAGE, output + " is the file itself, which is only read. Name another one.");
            }
            CorrectedRows merged =
                    new CorrectedRows(source, Header.read(source), RejectedReader.rows(corrections, source.name()));
            Prepared written =
                    camel.locations().of(folder.toString()).prepare(name.toString(), "merge", merged::writeTo);
            try {
                merged.check();
                written.publish();
            } finally {
                written.discard();
            }
            out().println(summary(merged, target));
        }
        return 0;
    }

    private static String summary(CorrectedRows merged, Path target) {
        String stillWrong = merged.unchanged() == 0
                ? ""
                : String.format(
                        Locale.ROOT, " (%,d of them unchanged in rejected.csv, so still wrong)", merged.unchanged());
        return String.format(
                Locale.ROOT,
                "%,d rows written, %,d of them corrected, %,d left out%s: %s",
                merged.rows(),
                merged.corrected(),
                merged.leftOut(),
                stillWrong,
                target);
    }
}
