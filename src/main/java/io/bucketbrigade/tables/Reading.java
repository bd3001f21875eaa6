package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.runs.FileOutcome;
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

/** One run in progress: which files it reads, and what became of each so far. */
final class Reading implements AutoCloseable {

    /**
     * A file that was read.
     *
     * @param rows its rows, those rejected among them
     * @param rejects its rows that were rejected for what they hold
     * @param consequences its rows that were rejected only because a row they refer to was
     * @param remarks what is worth saying of how they were read
     * @param typed the rows that can be accepted, for COPY; null if it was only to be seen which they are
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

    private final List<TableMapping> all;
    private final Inputs inputs;
    private final boolean rehearsal;
    final KnownKeys keys;
    private final Map<TableMapping, Outcome> outcomes = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<Path> written = Collections.synchronizedList(new ArrayList<>());

    Reading(List<TableMapping> all, Inputs inputs, boolean rehearsal) {
        this.all = all;
        this.inputs = inputs;
        this.rehearsal = rehearsal;
        this.keys = new KnownKeys(all);
    }

    /** The mappings whose files are there, in the order in which they are to be read: what others refer to comes first. */
    List<TableMapping> mappings() {
        return all.stream().filter(mapping -> inputs.has(mapping.file())).toList();
    }

    /** The mappings whose files are not there. */
    List<TableMapping> absent() {
        return all.stream().filter(mapping -> !inputs.has(mapping.file())).toList();
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

    void ended(TableMapping mapping, Outcome outcome) {
        outcomes.put(mapping, outcome);
    }

    Outcome outcome(TableMapping mapping) {
        Outcome outcome = outcomes.get(mapping);
        if (outcome == null) {
            throw new IllegalStateException(mapping.file() + " was not read");
        }
        return outcome;
    }

    /** What became of each file. */
    List<FileOutcome> files() {
        List<FileOutcome> files = new ArrayList<>();
        for (TableMapping mapping : mappings()) {
            Outcome outcome = outcome(mapping);
            files.add(FileOutcome.accepted(mapping.file(), outcome.rows(), outcome.rejected()));
        }
        return files;
    }

    /** Removes what was written on the way. */
    @Override
    public void close() throws IOException {
        for (Path file : List.copyOf(written)) {
            Files.deleteIfExists(file);
        }
    }
}
