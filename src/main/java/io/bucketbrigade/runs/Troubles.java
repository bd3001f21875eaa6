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
public final class Troubles {
    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    /** A disk or a bucket that takes longer than this to answer is one that hangs. */
    private static final Duration HANGS_AFTER = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Map<String, String> present = new ConcurrentHashMap<>();
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    public Troubles(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Something doesn't work.
     *
     * @param what what was tried
     * @return whether that is news
     */
    public boolean began(String what, String sentence) {
        return !sentence.equals(present.put(what, sentence));
    }

    /** It works. */
    public void over(String what) {
        if (present.remove(what) != null) {
            LOG.info("{} works again", what);
        }
    }

    /** A place was asked for what lies there; {@link #answered} is to follow. */
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
    public SortedMap<String, String> present() {
        SortedMap<String, String> all = new TreeMap<>(present);
        asked.forEach((place, since) -> {
            if (hangs(since)) {
                all.put(place, "has not answered for " + seconds(since) + " s.");
            }
        });
        return all;
    }
}
