package io.bucketbrigade.runs;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import java.time.Duration;
import org.apache.camel.spi.PropertiesFunction;

/**
 * How often a location is looked at. In a route: <code>{{poll:leaderboard.raw}}</code>, with the name of the setting that
 * names the location; behind a comma may stand that of the setting which says how long its files must be at rest, and then it is looked
 * at no less often than that.
 */
public final class Polling implements PropertiesFunction {
    private static final String SETTING = "brigade.poll";
    private static final Duration OF_FOLDERS = Duration.ofMillis(250);
    private static final Duration OF_BUCKETS = Duration.ofSeconds(10);

    private final Settings settings;

    public Polling(Settings settings) {
        this.settings = settings;
    }

    /**
     * The time between two looks.
     *
     * @param locationSetting the setting that names the location
     */
    public Duration of(String locationSetting) {
        if (!settings.text(SETTING).isEmpty()) {
            return settings.duration(SETTING);
        }
        return Locations.isBucket(settings.text(locationSetting)) ? OF_BUCKETS : OF_FOLDERS;
    }

    @Override
    public String getName() {
        return "poll";
    }

    @Override
    public String apply(String names) {
        String[] parts = names.split(",", 2);
        Duration time = of(parts[0]);
        if (parts.length == 2) {
            Duration quiet = settings.duration(parts[1]);
            time = quiet.isZero() || time.compareTo(quiet) < 0 ? time : quiet;
        }
        return Long.toString(time.toMillis());
    }
}
