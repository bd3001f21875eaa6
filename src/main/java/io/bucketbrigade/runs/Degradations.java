package io.bucketbrigade.runs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What doesn't work at present though it is tried again and again: the service is up, but degraded. */
public final class Degradations {
    private static final Logger LOG = LoggerFactory.getLogger(Degradations.class);

    /** A disk or a bucket that takes longer than this to answer is one that hangs. */
    private static final Duration HANGS_AFTER = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Map<String, String> current = new ConcurrentHashMap<>();
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    public Degradations(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Something doesn't work.
     *
     * @param what what was tried
     * @return whether that is news
     */
    public boolean degraded(String what, String sentence) {
        return !sentence.equals(current.put(what, sentence));
    }

    /** It works. */
    public void recovered(String what) {
        if (current.remove(what) != null) {
            LOG.info("{}: recovered", what);
        }
    }

    /** A place was asked for its files; {@link #answered} is to follow. */
    public void asked(String place) {
        asked.put(place, clock.instant());
    }

    /** It answered, or failed. */
    public void answered(String place) {
        Instant since = asked.remove(place);
        if (since != null && hangs(since)) {
            LOG.warn("{} took {} s to answer", place, seconds(since));
        }
    }

    private boolean hangs(Instant since) {
        return seconds(since) >= HANGS_AFTER.toSeconds();
    }

    private long seconds(Instant since) {
        return Duration.between(since, clock.instant()).toSeconds();
    }

    /** What doesn't work, with the reason. */
    public SortedMap<String, String> current() {
        SortedMap<String, String> all = new TreeMap<>(current);
        asked.forEach((place, since) -> {
            if (hangs(since)) {
                all.put(place, "has not answered for " + seconds(since) + " s.");
            }
        });
        return all;
    }
}
