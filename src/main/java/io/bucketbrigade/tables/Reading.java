package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.runs.FileFate;
import io.bucketbrigade.storage.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run at work: which sheets it reads, and what became of each so far. */
public final class Reading implements AutoCloseable {

    /**
     * A sheet that was read.
     *
     * @param rows its rows, those rejected among them
     * @param rejects its rows that were rejected for what they hold
     * @param consequences its rows that were rejected only because a row they refer to was
     * @param remarks what is worth saying of how they were read
     * @param typed the rows that can be taken, for COPY; null if it was only to be seen which they are
     */
    record Outcome(
            long rows,
            Rejects rejects,
            Rejects consequences,
            Map<String, Long> remarks,
            @Nullable Path typed) {
        long rejected() {
            return rejects.rows() + consequences.rows();
        }
    }

    private final List<Sheet> all;
    private final Inputs inputs;
    private final boolean rehearsal;
    final Keys keys;
    private final Map<Sheet, Outcome> outcomes = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<Path> written = Collections.synchronizedList(new ArrayList<>());

    Reading(List<Sheet> all, Inputs inputs, boolean rehearsal) {
        this.all = all;
        this.inputs = inputs;
        this.rehearsal = rehearsal;
        this.keys = new Keys(all);
    }

    /** The sheets whose files are there, in the order in which they are to be read: what others refer to comes first. */
    public List<Sheet> sheets() {
        return all.stream().filter(sheet -> inputs.has(sheet.file())).toList();
    }

    /** The sheets whose files are not there. */
    List<Sheet> absent() {
        return all.stream().filter(sheet -> !inputs.has(sheet.file())).toList();
    }

    Inputs inputs() {
        return inputs;
    }

    boolean isRehearsal() {
        return rehearsal;
    }

    /** A file that goes when the run is over was written. */
    void wrote(Path file) {
        written.add(file);
    }

    void ended(Sheet sheet, Outcome outcome) {
        outcomes.put(sheet, outcome);
    }

    Outcome outcome(Sheet sheet) {
        Outcome outcome = outcomes.get(sheet);
        if (outcome == null) {
            throw new IllegalStateException(sheet.file() + " was not read");
        }
        return outcome;
    }

    /** What became of each file. */
    List<FileFate> fates() {
        List<FileFate> fates = new ArrayList<>();
        for (Sheet sheet : sheets()) {
            Outcome outcome = outcome(sheet);
            fates.add(FileFate.taken(sheet.file(), outcome.rows(), outcome.rejected()));
        }
        return fates;
    }

    /** Removes what was written on the way. */
    @Override
    public void close() throws IOException {
        for (Path file : List.copyOf(written)) {
            Files.deleteIfExists(file);
        }
    }
}
