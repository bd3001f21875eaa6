package io.bucketbrigade.tracing;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The kind of a setting with names and values, such as {@code deployment.environment=prod,region=eu}; special characters are percent-encoded. */
public final class OtlpPairs implements SettingKind {
    private static final String PAIRS = "\\s*[^=,\\s]+\\s*=[^,]*(,\\s*[^=,\\s]+\\s*=[^,]*)*";

    @Override
    public String wanted() {
        return "names and values such as deployment.environment=prod,region=eu, with %2C for a comma";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!arePairs(value)) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }

    static boolean arePairs(String value) {
        try {
            decoded(value);
        } catch (IllegalArgumentException brokenEscape) {
            return false;
        }
        return value.matches(PAIRS);
    }

    static String decoded(String value) {
        return URLDecoder.decode(value.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
