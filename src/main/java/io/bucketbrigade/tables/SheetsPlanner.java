package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Accounts;
import io.bucketbrigade.runs.FileFate;
import io.bucketbrigade.runs.OpenInputs;
import io.bucketbrigade.runs.PlanText;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Says what a run would do with the sheets that lie there, without writing anything. */
public final class SheetsPlanner {
    private final Locations locations;
    private final String pipeline;
    private final String place;
    private final List<String> optional;
    private final PlanText lines = new PlanText();

    /**
     * @param pipeline whose sheets they are
     * @param place the location they lie in
     * @param optional the files that may be missing, with commas between
     */
    public SheetsPlanner(Locations locations, String pipeline, String place, String optional) {
        this.locations = locations;
        this.place = place;
        this.optional = List.of(optional.split("\\s*,\\s*", -1));
        this.pipeline = pipeline;
    }

    /**
     * Reads what is there; null if a run would not begin.
     *
     * @throws IOException if something can't be read
     */
    public @Nullable Reading read(SheetReader reader, Exchange exchange) throws IOException {
        Location location = locations.of(place);
        lines.add(pipeline + ": " + location.name());
        Inputs inputs = OpenInputs.closing(new Inputs(), exchange);
        boolean complete = true;
        for (String file : reader.files()) {
            Identity found = found(location, file);
            if (found != null) {
                inputs.with(file, location.open(found));
            } else if (optional.contains(file)) {
                lines.add("  " + file
                        + " is not there, and need not be; what the database holds of it is not looked at here");
                lines.addHint(NearNames.hint(location, file, reader.files()));
            } else {
                lines.add("  " + file + " is missing");
                lines.addHint(NearNames.hint(location, file, reader.files()));
                complete = false;
            }
        }
        return complete ? read(reader, reader.rehearse(inputs)) : null;
    }

    private @Nullable Reading read(SheetReader reader, Reading reading) throws IOException {
        for (Sheet sheet : reading.sheets()) {
            try {
                reader.read(reading, sheet);
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

    private static @Nullable Identity found(Location location, String file) throws IOException {
        try {
            return location.look(List.of(file)).stream().findFirst().orElse(null);
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return null;
        }
    }

    /** What was found out. */
    public PlanText text(SheetReader reader, @Nullable Reading reading) {
        if (reading == null) {
            if (!lines.isFailing()) {
                lines.add("No run would begin.");
            }
        } else {
            Accounts accounts = SheetReader.sums(reading);
            for (FileFate file : accounts.files()) {
                lines.add("  " + file.file() + ": " + Counted.of(file.rows(), "row") + ", "
                        + Counted.number(file.rows() - file.rejected()) + " accepted, "
                        + Counted.number(file.rejected())
                        + " rejected");
            }
            long consequences = SheetReader.consequences(accounts);
            if (consequences > 0) {
                lines.add("  Of the rejected rows, " + consequences
                        + (consequences == 1
                                ? " refers to a row that was rejected in another file; it doesn't"
                                : " refer to rows that were rejected in another file; they don't")
                        + " count towards the limit.");
            }
            accounts.remarks().forEach(remark -> lines.add("  " + remark));
            lines.rejected(accounts.rejected());
            addVerdict(reader, reading);
        }
        lines.add("Nothing was written.");
        return lines;
    }

    private void addVerdict(SheetReader reader, Reading reading) {
        try {
            reader.accounts(reading);
            lines.add("A run would accept them.");
        } catch (RuntimeException tooMany) {
            lines.addFailure(tooMany);
        }
    }
}
