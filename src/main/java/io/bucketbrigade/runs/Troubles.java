package io.bucketbrigade.runs;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What doesn't work at present though it is tried again and again: the service is up, but degraded. */
public final class Troubles {
    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private final Map<String, String> present = new ConcurrentHashMap<>();

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

    /** What doesn't work, with the reason. */
    public SortedMap<String, String> present() {
        return new TreeMap<>(present);
    }
}
