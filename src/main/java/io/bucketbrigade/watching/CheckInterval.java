package io.bucketbrigade.watching;

import io.bucketbrigade.storage.Locations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How often the inputs of a pipeline are checked. */
final class CheckInterval {
    private static final Duration OF_FOLDERS = Duration.ofMillis(250);
    private static final Duration OF_BUCKETS = Duration.ofSeconds(10);

    private CheckInterval() {}

    /**
     * The time between two checks.
     *
     * @param poll what the user has set; null if nothing
     * @param place the folder or bucket
     * @param quiet for how long its files must be at rest, which are checked no less often than that; zero if they need not be
     */
    static Duration of(@Nullable Duration poll, String place, Duration quiet) {
        Duration usual = Locations.isBucket(place) ? OF_BUCKETS : OF_FOLDERS;
        Duration interval = poll == null ? usual : poll;
        return quiet.isZero() || interval.compareTo(quiet) < 0 ? interval : quiet;
    }
}
