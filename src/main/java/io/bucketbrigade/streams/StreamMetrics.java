package io.bucketbrigade.streams;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Degradations;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures about streams, for Prometheus and for health. */
public final class StreamMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(StreamMetrics.class);

    private final MeterRegistry registry;
    private final Degradations degradations;
    private final Map<String, Behind> behind = new ConcurrentHashMap<>();

    public StreamMetrics(MeterRegistry registry, Degradations degradations) {
        this.registry = registry;
        this.degradations = degradations;
    }

    private static final class Behind {
        private final String stream;
        private final String reader;
        private volatile long rows;
        private volatile double seconds;

        Behind(String stream, String reader) {
            this.stream = stream;
            this.reader = reader;
        }
    }

    /** Rows were stored, or found to be duplicates or unusable. */
    void arrived(String stream, Receipt receipt, int rejected) {
        count(stream, "accepted", receipt.accepted());
        count(stream, "duplicate", receipt.duplicate());
        count(stream, "rejected", rejected);
    }

    private void count(String stream, String outcome, long rows) {
        Counter.builder("brigade.stream.rows")
                .description("Rows that were sent to a stream through this instance, by what became of them")
                .tags("pipeline", stream, "outcome", outcome)
                .register(registry)
                .increment((double) rows);
    }

    /** Keys could not be looked up before rows were accepted; the log leaves out what is repeated. */
    void keysNotLookedUp(String stream, Exception because) {
        LOG.warn(
                "{}: rows are accepted without looking for their keys, because the database is away: {}",
                stream,
                Problems.of(because).sentence());
    }

    /**
     * What was in a buffer and can't be read any more.
     *
     * @param words in words; null if nothing is lost
     */
    void lost(String stream, @Nullable String words) {
        if (words == null) {
            degradations.recovered(stream + " has lost rows");
        } else {
            degradations.degraded(stream + " has lost rows", words);
        }
    }

    /**
     * Whether a stream accepts rows.
     *
     * @param why why it doesn't; null if it does
     */
    void refused(String stream, @Nullable String why) {
        String what = stream + " accepts no rows";
        if (why == null) {
            degradations.recovered(what);
        } else {
            degradations.degraded(what, why);
        }
    }

    /** Whether a stream's tables are being rebuilt, or that was interrupted. */
    void rebuilding(String stream, boolean is) {
        String what = stream + " is rebuilt";
        if (is) {
            degradations.degraded(
                    what,
                    "The tables of " + stream
                            + " are being rebuilt, and no file is loaded until that is done. If no ./brigade rebuild is at work, it was interrupted:"
                            + " stop the service and call ./brigade rebuild " + stream + " --empty.");
        } else {
            degradations.recovered(what);
        }
    }

    /** The readers whose routes were removed. */
    void removed(String stream, List<String> readers) {
        String what = "readers of " + stream;
        if (readers.isEmpty()) {
            degradations.recovered(what);
        } else {
            String first = readers.get(0);
            degradations.degraded(
                    what,
                    "No route reads the stream as " + String.join(" or ", readers)
                            + " any more, but the log is kept for it. Bring the route back, or let it be forgotten: DELETE /streams/"
                            + stream + "/readers/" + first + ".");
        }
    }

    /**
     * How far a reader is behind.
     *
     * @param rows how many rows it has not dealt with
     * @param seconds how long the oldest of them has waited
     * @param late from when on that is worth a warning
     */
    void behind(String stream, String reader, long rows, double seconds, Duration late) {
        String name = stream + "-" + reader;
        Behind gauges = behind.computeIfAbsent(name, first -> gauges(stream, reader));
        gauges.rows = rows;
        gauges.seconds = seconds;
        if (seconds > late.toSeconds()) {
            degradations.degraded(
                    "stream " + name,
                    Counted.of(rows, "row") + " wait, the oldest for more than " + late.toSeconds() + " s.");
        } else {
            degradations.recovered("stream " + name);
        }
    }

    /** Those that are no longer among a stream's readers are not behind any more. */
    void areAllReaders(String stream, Set<String> readers) {
        behind.forEach((name, gauges) -> {
            if (gauges.stream.equals(stream) && !readers.contains(gauges.reader)) {
                gauges.rows = 0;
                gauges.seconds = 0;
                degradations.recovered("stream " + name);
            }
        });
    }

    private Behind gauges(String stream, String reader) {
        Behind gauges = new Behind(stream, reader);
        Gauge.builder("brigade.stream.behind.rows", gauges, value -> value.rows)
                .description("How many rows of a stream a reader has not dealt with")
                .tags("pipeline", stream, "reader", reader)
                .register(registry);
        Gauge.builder("brigade.stream.behind.seconds", gauges, value -> value.seconds)
                .description("How long the oldest row that a reader has not dealt with has waited")
                .tags("pipeline", stream, "reader", reader)
                .register(registry);
        return gauges;
    }
}
