package io.bucketbrigade.watching;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How often the inputs of a pipeline are checked. */
final class CheckInterval {
    private static final String SETTING = "brigade.poll";
    private static final Duration OF_FOLDERS = Duration.ofMillis(250);
    private static final Duration OF_BUCKETS = Duration.ofSeconds(10);

    private CheckInterval() {}

    /**
     * The time between two checks.
     *
     * @param location the setting that names the location
     * @param quiet the setting that says for how long its files must be at rest, which are checked no less often than that; null if they
     *     need not be
     */
    static Duration of(Settings settings, String location, @Nullable String quiet) {
        Duration interval = of(settings, location);
        Duration rest = quiet == null ? Duration.ZERO : settings.duration(quiet);
        return rest.isZero() || interval.compareTo(rest) < 0 ? interval : rest;
    }

    private static Duration of(Settings settings, String location) {
        if (!settings.text(SETTING).isEmpty()) {
            return settings.duration(SETTING);
        }
        return Locations.isBucket(settings.text(location)) ? OF_BUCKETS : OF_FOLDERS;
    }
}
