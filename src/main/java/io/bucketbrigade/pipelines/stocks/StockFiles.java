package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.RejectedFile;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.Values;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Draft;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Begins and ends a collation: the index at its beginning, row counts and files at its end. */
public final class StockFiles {
    static final String INDEX = "CompanyNames/top_companies.txt";
    static final String RESULT = "historical_stock_data.csv";
    private static final int MOST_REJECTED = 10_000;

    private final Locations locations;
    private final String source;
    private final String output;
    private final int mostFiles;
    private final BigDecimal mostSkipped;

    /**
     * @param source the location with the index and Stocks/
     * @param output the location that the result goes to
     * @param mostFiles how many files the index may name
     * @param mostSkipped the largest share of them that may be skipped, written 0.2 or 20%
     */
    public StockFiles(Locations locations, String source, String output, int mostFiles, String mostSkipped) {
        this.locations = locations;
        this.source = source;
        this.output = output;
        this.mostFiles = mostFiles;
        this.mostSkipped = Values.share("STOCKS_MAX_MISSING", mostSkipped);
    }

    /**
     * Reads the index, and begins to write, unless it is only a rehearsal.
     *
     * @throws Problem if there is no index, or it can't be used
     * @throws IOException if something can't be read or written
     */
    public Collation begin(Work work) throws IOException {
        Inputs inputs = work.inputs();
        if (inputs.identities().stream().noneMatch(input -> input.name().equals(INDEX))) {
            throw noIndex();
        }
        CompanyIndex index = CompanyIndex.read(inputs.get(INDEX), mostFiles);
        Location files = locations.of(source + "/Stocks");
        Draft draft = work.isRehearsal() ? null : work.closing(draft(work.id()));
        return new Collation(work.run(), index, files, listedAtOnce(files, index), draft);
    }

    private Draft draft(long run) throws IOException {
        Location target = locations.of(output);
        target.makeReady();
        return target.draft(RESULT, Long.toString(run));
    }

    /** Why a run without an index fails. */
    private Problem noIndex() throws IOException {
        String hint = NearNames.hint(locations, source, INDEX, List.of());
        return new Problem(
                Kind.INPUT,
                source + "/" + INDEX + " is missing; it names the files. Put it there, and write .SUCCESS again."
                        + (hint.isEmpty() ? "" : " " + hint + "."));
    }

    /** The files of a bucket, listed in a few requests instead of one for each file. */
    private static @Nullable Map<String, Identity> listedAtOnce(Location files, CompanyIndex index) throws IOException {
        if (!files.showsOnlyWhole()) {
            return null;
        }
        Map<String, Identity> there = new HashMap<>();
        files.list(index.names()).forEach(identity -> there.put(identity.name(), identity));
        return there;
    }

    /**
     * Adds up what became of rows and files.
     *
     * @throws io.bucketbrigade.runs.TooManyRejected if too many files were skipped, or all
     */
    public RowCounts rowCounts(Collation collation) {
        List<FileOutcome> files = collation.files();
        long read = files.stream().mapToLong(FileOutcome::rows).sum();
        long rejectedRows = files.stream().mapToLong(FileOutcome::rejected).sum();
        long accepted =
                files.stream().filter(outcome -> outcome.skipped() == null).count();
        Map<String, Long> notes = new LinkedHashMap<>();
        notes.put("files", (long) files.size());
        notes.put("files_accepted", accepted);
        notes.put("files_skipped", files.size() - accepted);
        notes.put("named_again", (long) collation.index.again());
        if (collation.index.windows1252() > 0) {
            notes.put("names of " + INDEX + " read as Windows-1252", (long) collation.index.windows1252());
        }
        notes.putAll(collation.remarks());
        List<Rejected> rejected = collation.rejected(MOST_REJECTED);
        RowCounts rowCounts = new RowCounts(read, read - rejectedRows, rejectedRows, notes, rejected, files);
        rowCounts.limitSkipped(INDEX, mostSkipped, "STOCKS_MAX_MISSING");
        return rowCounts;
    }

    /**
     * Ends the result, and writes the rejected rows beside their place.
     *
     * @return the result, then the rejected rows
     * @throws IOException if they can't be written
     */
    public List<Prepared> files(Collation collation, RowCounts rowCounts) throws IOException {
        Draft draft = collation.draft;
        if (draft == null) {
            throw new IllegalStateException("this was only a rehearsal");
        }
        Prepared result = draft.finish();
        try {
            return List.of(
                    result,
                    RejectedFile.prepare(
                            locations.of(output), Long.toString(collation.run.id()), rowCounts.rejected()));
        } catch (IOException | RuntimeException e) {
            result.discard();
            throw e;
        }
    }
}
