package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.PlanText;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what a run would do with the files that are there, without writing anything. */
final class TablesPlan {
    private final String pipeline;
    private final Location location;
    private final InputFiles files;
    private final PlanText lines = new PlanText();

    TablesPlan(String pipeline, Location location, InputFiles files) {
        this.pipeline = pipeline;
        this.location = location;
        this.files = files;
    }

    /**
     * Reads what is there, and says what a run would do with it.
     *
     * @param inputs empty; what is there is opened in it
     * @throws IOException if something can't be read
     */
    PlanText text(TableReader reader, Inputs inputs) throws IOException {
        lines.add(pipeline + ": " + location.name());
        boolean complete = true;
        for (InputFile file : files.files()) {
            List<Identity> found = found(file);
            for (Identity one : found) {
                inputs.with(one.name(), location.open(one));
            }
            if (found.isEmpty()) {
                lines.add("  " + file.title()
                        + (file.optional()
                                ? "does not exist, which is allowed; the rows of it in the database are not read here"
                                : " is missing"));
                lines.addHint(NearNames.hint(location, file.title(), names()));
                complete &= file.optional();
            }
        }
        Reading reading = complete ? read(reader, reader.begin(inputs, true)) : null;
        return text(reader, reading);
    }

    private List<String> names() {
        return files.files().stream().map(InputFile::title).toList();
    }

    private @Nullable Reading read(TableReader reader, Reading reading) throws IOException {
        for (TableMapping mapping : reading.mappings()) {
            try {
                reader.read(reading, mapping);
            } catch (RuntimeException unusable) {
                Problem problem = Problems.of(unusable);
                if (problem.kind() != Problem.Kind.INPUT) {
                    throw unusable;
                }
                lines.addFailure(problem);
                return null;
            }
        }
        return reading;
    }

    private List<Identity> found(InputFile file) throws IOException {
        try {
            List<String> names = file.isPattern() ? location.names(file::matches) : List.of(file.title());
            return location.list(names);
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return List.of();
        }
    }

    private PlanText text(TableReader reader, @Nullable Reading reading) {
        if (reading == null) {
            if (!lines.isFailing()) {
                lines.add("No run would begin.");
            }
        } else {
            RowCounts rowCounts = TableReader.sums(reading);
            for (FileOutcome file : rowCounts.files()) {
                lines.add("  " + file.file() + ": " + Counted.of(file.rows(), "row") + ", "
                        + Counted.number(file.rows() - file.rejected()) + " accepted, "
                        + Counted.number(file.rejected())
                        + " rejected");
            }
            long consequences = TableReader.consequences(rowCounts);
            if (consequences > 0) {
                lines.add("  Of the rejected rows, " + consequences
                        + (consequences == 1
                                ? " refers to a row that was rejected in another file; it doesn't"
                                : " refer to rows that were rejected in another file; they don't")
                        + " count towards the limit.");
            }
            rowCounts.remarks().forEach(remark -> lines.add("  " + remark));
            lines.rejected(rowCounts.rejected());
            addVerdict(reader, reading);
        }
        lines.add("Nothing was written.");
        return lines;
    }

    private void addVerdict(TableReader reader, Reading reading) {
        try {
            reader.rowCounts(reading);
            lines.add("A run would accept them.");
        } catch (RuntimeException tooMany) {
            lines.addFailure(tooMany);
        }
    }
}
