package io.bucketbrigade.cli;

import io.bucketbrigade.csv.CorrectedRows;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.rows.RejectedReader;
import io.bucketbrigade.rows.RejectedReader.Corrections;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "merge",
        description = {
            "Writes a copy of a file in which the rows that you corrected in rejected.csv replace the rejected ones.",
            "Rows that are blank, unchanged or still broken in rejected.csv are not copied. The file itself is not changed.",
            "It checks quotes and the number of fields of the corrected rows; the next run checks their values."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  brigade merge data/leaderboard/raw/messages.csv data/leaderboard/result/rejected.csv corrected.csv"
        })
final class MergeCommand extends ServiceCommand {
    private static final int MOST_NAMED = 20;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file whose rows were rejected")
    private String file = "";

    @Parameters(index = "1", paramLabel = "REJECTED", description = "rejected.csv with its column row corrected")
    private String rejected = "";

    @Parameters(index = "2", paramLabel = "OUTPUT", description = "The file to write")
    private String output = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        Path target = FilePaths.of(output);
        Path folder = target.getParent();
        Path name = target.getFileName();
        if (folder == null || name == null) {
            throw new Problem(Kind.USAGE, output + " is not a valid file name.");
        }
        try (OneShot camel = new OneShot(settings, "", List.of(), List.of(file, rejected), null);
                Source source = camel.locations().open(file);
                Source corrections = camel.locations().open(rejected)) {
            if (FilePaths.of(file).equals(target)) {
                throw new Problem(
                        Kind.USAGE, output + " is the input file, which is never overwritten. Name another file.");
            }
            if (FilePaths.of(rejected).equals(target)) {
                throw new Problem(
                        Kind.USAGE,
                        output + " is the file with the corrections, which is never overwritten. Name another file.");
            }
            Corrections rows = RejectedReader.rows(corrections, source.name());
            CorrectedRows merged = new CorrectedRows(source, Header.read(source), rows.byLine());
            Prepared written =
                    camel.locations().of(folder.toString()).prepare(name.toString(), "merge", merged::writeTo);
            try {
                merged.check();
                written.publish();
            } finally {
                written.discard();
            }
            out().println(summary(merged, target));
            notes(merged, rows.further(), source.name(), name.toString()).forEach(out()::println);
        }
        return 0;
    }

    private static String summary(CorrectedRows merged, Path target) {
        List<String> wrong = new ArrayList<>();
        if (!merged.stillBroken().isEmpty()) {
            wrong.add(String.format(
                    Locale.ROOT, "%,d still broken", merged.stillBroken().size()));
        }
        if (merged.unchanged() > 0) {
            wrong.add(String.format(Locale.ROOT, "%,d unchanged in rejected.csv, so still wrong", merged.unchanged()));
        }
        return String.format(
                Locale.ROOT,
                "%s written, %,d corrected, %,d skipped%s: %s",
                Counted.of(merged.rows(), "row"),
                merged.corrected(),
                merged.skipped(),
                wrong.isEmpty() ? "" : " (" + String.join("; ", wrong) + ")",
                target);
    }

    private static List<String> notes(CorrectedRows merged, long further, String file, String output) {
        List<String> notes = new ArrayList<>();
        merged.stillBroken().entrySet().stream()
                .limit(MOST_NAMED)
                .forEach(row -> notes.add(file + ", line " + row.getKey() + ": " + row.getValue()));
        int more = merged.stillBroken().size() - notes.size();
        if (more > 0) {
            notes.add("… and " + more + " more");
        }
        if (further > 0) {
            notes.add("Not in rejected.csv: " + Counted.of(further, "further rejected row") + " of " + file
                    + ", copied unchanged. Replace " + file + " with " + output
                    + "; the next run lists what is still wrong.");
        }
        if (merged.corrected() > 0) {
            notes.add(
                    "Only quotes and the number of fields of the corrected rows were checked. The next run checks the rest.");
        }
        return notes;
    }
}
