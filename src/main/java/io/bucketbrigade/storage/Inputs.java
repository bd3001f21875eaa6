package io.bucketbrigade.storage;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The files that a run reads, each open in one version, by the name under which the pipeline knows them. */
public final class Inputs implements Closeable {
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private volatile LongAdder bytesRead = new LongAdder();

    /**
     * Adds a file.
     *
     * @param role the name under which the pipeline knows it
     */
    public Inputs with(String role, Source source) {
        sources.put(role, new Counted(source));
        return this;
    }

    /** From now on, how many bytes are read is added up there. */
    public void countReadsIn(LongAdder counter) {
        bytesRead = counter;
    }

    /** The file known by that name. */
    public Source get(String role) {
        Source source = sources.get(role);
        if (source == null) {
            throw new Problem(Kind.MISSING, role + " is not among the inputs " + sources.keySet() + ".");
        }
        return source;
    }

    /** Whether there is a file known by that name. */
    public boolean has(String role) {
        return sources.containsKey(role);
    }

    /** The names by which the pipeline knows them. */
    public Set<String> names() {
        return Set.copyOf(sources.keySet());
    }

    /**
     * How a file was read.
     *
     * @param file which one, in which version
     * @param begun when its first bytes were asked for
     * @param ended when its last bytes came
     * @param bytes how many came, those that were read twice included
     */
    public record Reading(Identity file, Instant begun, Instant ended, long bytes) {}

    /** How those were read of which something was read. */
    public List<Reading> readings() {
        return sources.values().stream()
                .map(Counted.class::cast)
                .flatMap(source -> source.reading().stream())
                .toList();
    }

    /** Which versions they are. */
    public List<Identity> identities() {
        return sources.values().stream().map(Source::identity).toList();
    }

    /**
     * The names of those that have another version by now.
     *
     * @throws IOException if that can't be determined
     */
    public List<String> changed() throws IOException {
        List<String> changed = new ArrayList<>();
        for (Source source : sources.values()) {
            if (source.changed()) {
                changed.add(source.name());
            }
        }
        return changed;
    }

    @Override
    public void close() throws IOException {
        for (Source source : sources.values()) {
            source.close();
        }
    }

    private final class Counted implements Source {
        private final Source source;
        private final AtomicReference<@Nullable Instant> begun = new AtomicReference<>();
        private final LongAdder read = new LongAdder();
        private volatile Instant ended = Instant.EPOCH;

        Counted(Source source) {
            this.source = source;
        }

        @Override
        public Identity identity() {
            return source.identity();
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            if (begun.get() == null) {
                begun.compareAndSet(null, Instant.now());
            }
            int count = source.read(position, into, offset, length);
            bytesRead.add(Math.max(0, count));
            read.add(Math.max(0, count));
            ended = Instant.now();
            return count;
        }

        Optional<Reading> reading() {
            return Optional.ofNullable(begun.get())
                    .map(since -> new Reading(source.identity(), since, ended, read.sum()));
        }

        @Override
        public boolean changed() throws IOException {
            return source.changed();
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }
}
