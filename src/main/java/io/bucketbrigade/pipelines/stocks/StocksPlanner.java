package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.runs.PlanText;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Says what a run would do with the current inputs, without writing anything. */
public final class StocksPlanner {
    private static final String MARKER = ".SUCCESS";

    private final Locations locations;
    private final String source;
    private final String monitored;
    private final PlanText lines = new PlanText();

    /**
     * @param source the location with the index and Stocks/
     * @param monitored the location in which the marker appears
     */
    public StocksPlanner(Locations locations, String source, String monitored) {
        this.locations = locations;
        this.source = source;
        this.monitored = monitored;
    }

    /**
     * Reads what is there; null if there is nothing to read.
     *
     * @throws IOException if something can't be read
     */
    public @Nullable Collation begin(StockFiles files, Exchange exchange) throws IOException {
        lines.add("stocks: " + locations.of(source).name());
        Optional<Identity> begun = found(monitored, MARKER);
        lines.add("  "
                + begun.map(marker ->
                                MARKER + ": put there " + marker.modified().truncatedTo(ChronoUnit.SECONDS)
                                        + "; a run begins when it differs from the last run's marker")
                        .orElse(MARKER + " is missing in "
                                + locations.of(monitored).name()
                                + "; it starts a run when all other files are there"));
        if (begun.isEmpty()) {
            lines.addHint(NearNames.hint(locations.of(monitored), MARKER, List.of()));
        }
        Optional<Identity> index = found(source, StockFiles.INDEX);
        if (index.isEmpty()) {
            if (begun.isPresent()) {
                lines.addFailure(files.noIndex());
            } else {
                lines.add("  " + StockFiles.INDEX + " is missing; it names the files");
                lines.addHint(files.indexHint());
            }
            return null;
        }
        Inputs inputs = new Inputs().with(StockFiles.INDEX, locations.of(source).open(index.get()));
        try {
            Collation collation =
                    files.rehearse(Work.rehearsal("stocks", inputs).closedWith(exchange));
            lines.add("  " + StockFiles.INDEX + ": names "
                    + Counted.of(collation.members().size(), "file"));
            return collation;
        } catch (Problem unusable) {
            lines.addFailure(unusable);
            return null;
        }
    }

    private Optional<Identity> found(String place, String name) throws IOException {
        try {
            return locations.of(place).list(List.of(name)).stream().findFirst();
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return Optional.empty();
        }
    }

    /** What was found out. */
    public PlanText text(StockFiles files, @Nullable Collation collation) {
        if (collation != null) {
            RowCounts rowCounts = StockFiles.sums(collation);
            lines.add("");
            lines.add("A run would accept " + Counted.of(rowCounts.note("files_accepted"), "file") + " and skip "
                    + rowCounts.note("files_skipped") + "; it would read " + Counted.of(rowCounts.rowsRead(), "row")
                    + ": "
                    + Counted.number(rowCounts.rowsCounted()) + " loaded, " + Counted.number(rowCounts.rowsRejected())
                    + " rejected.");
            rowCounts.remarks().forEach(remark -> lines.add("  " + remark));
            lines.list(
                    "Skipped:",
                    rowCounts.files().stream()
                            .filter(file -> file.skipped() != null)
                            .map(file -> file.file() + ": " + file.skipped())
                            .toList());
            lines.rejected(rowCounts.rejected());
            try {
                files.rowCounts(collation);
            } catch (RuntimeException tooMany) {
                lines.addFailure(tooMany);
            }
        }
        lines.add("Nothing was written.");
        return lines;
    }
}
