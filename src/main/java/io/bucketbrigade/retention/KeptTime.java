package io.bucketbrigade.retention;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.time.Duration;
import java.util.Optional;

/** The kind of a setting that says how long something is kept before it is removed. */
public final class KeptTime implements SettingKind {
    private static final String NEVER = "never";
    private static final Duration LEAST = Duration.ofDays(1);
    private static final Duration MOST = Duration.ofDays(36_500);

    @Override
    public String wanted() {
        return "a time from 24h to 876000h, such as 9600h, or never";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        read(name, value);
    }

    /**
     * How long that is; empty if it is kept for ever.
     *
     * @throws Problem if the setting has another value
     */
    public static Optional<Duration> of(Settings settings, String key) {
        return read(Settings.variable(key), settings.text(key));
    }

    private static Optional<Duration> read(String name, String value) {
        if (value.equals(NEVER)) {
            return Optional.empty();
        }
        Duration time;
        try {
            time = Values.duration(name, value);
        } catch (Problem | NumberFormatException other) {
            throw Values.wrong(name, value, new KeptTime().wanted(), other);
        }
        if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
            throw Values.wrong(name, value, new KeptTime().wanted(), null);
        }
        return Optional.of(time);
    }
}
