package io.bucketbrigade.cli;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.MendedRows;
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
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "merge",
        description = {
            "Writes a file anew, with the rows of a corrected rejected.csv in the place of those that were left out.",
            "A row that is blank in rejected.csv is left out for good. The file itself is only read."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  brigade merge data/leaderboard/raw/messages.csv data/leaderboard/result/rejected.csv mended.csv"
        })
final class MergeCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file that the rows were left out of")
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
            MendedRows mended =
                    new MendedRows(source, Header.read(source), RejectedReader.rows(corrections, source.name()));
            Prepared written =
                    camel.locations().of(folder.toString()).prepare(name.toString(), "merge", mended::writeTo);
            try {
                mended.check();
                written.publish();
            } finally {
                written.discard();
            }
            out().println(String.format(
                    "%,d rows written, %,d of them mended, %,d left out: %s",
                    mended.rows(), mended.mended(), mended.leftOut(), target));
        }
        return 0;
    }
}
