package io.bucketbrigade.database;

import io.bucketbrigade.database.AddressReading.Unreadable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * What an address of a database asks of PostgreSQL's driver. The driver itself passes over many a wrong value: {@code ssl=yes}
 * connects without TLS. What is wrong is said by the names that the driver knows; a name or a value from the address may
 * be a part of the password.
 */
final class AddressOptions {
    private static final int LONGEST_SECONDS = Integer.MAX_VALUE / 1000;

    /** Names of other programs that mean the same. */
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "connect_timeout", "connectTimeout",
            "application_name", "ApplicationName",
            "channel_binding", "channelBinding",
            "search_path", "currentSchema");

    /** What hosted databases write into addresses for other programs. */
    private static final Set<String> OF_OTHER_PROGRAMS =
            Set.of("pgbouncer", "connection_limit", "pool_timeout", "supa", "sslnegotiation", "gssencmode");

    /** They would replace what the address says. */
    private static final Set<PGProperty> NEVER =
            Set.of(PGProperty.PG_HOST, PGProperty.PG_PORT, PGProperty.PG_DBNAME, PGProperty.SERVICE);

    /** Those that are on or off although the driver names no default. */
    private static final Set<PGProperty> SWITCHES = Set.of(PGProperty.SSL, PGProperty.REWRITE_BATCHED_INSERTS);

    private AddressOptions() {}

    /**
     * Reads them.
     *
     * @param query each written name=value, with &amp; between
     * @return the values by the driver's names
     * @throws Unreadable if one is unknown, or has a value that it can't have
     */
    static Map<String, String> read(@Nullable String query) throws Unreadable {
        Map<String, String> options = new LinkedHashMap<>();
        for (String one : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] option = one.split("=", 2);
            String name = option[0];
            String value = AddressReading.decode(option[1]);
            PGProperty property = PGProperty.forName(OTHER_NAMES.getOrDefault(name, name));
            if (property != null && !NEVER.contains(property)) {
                options.put(property.getName(), checked(property, value));
            } else if (!OF_OTHER_PROGRAMS.contains(name)) {
                throw new Unreadable("one of its options is unknown ("
                        + near(name)
                                .map(known -> "did you mean " + known + "?)")
                                .orElse("options are those of PostgreSQL's JDBC driver, such as sslmode)"));
            }
        }
        return options;
    }

    private static String checked(PGProperty property, String value) throws Unreadable {
        String standard = String.valueOf(property.getDefaultValue());
        String[] choices = property.getChoices();
        if (property == PGProperty.REQUIRE_AUTH) {
            for (String one : value.split(",", -1)) {
                choice(property, choices, one);
            }
            return value;
        }
        if (choices != null) {
            return choice(property, choices, value);
        }
        if (property == PGProperty.SSL && value.isEmpty()) {
            return value;
        }
        if (standard.matches("true|false") || SWITCHES.contains(property)) {
            return choice(property, new String[] {"true", "false"}, value);
        }
        return standard.matches("-?\\d+") ? number(property, standard, value) : value;
    }

    private static String choice(PGProperty property, String[] choices, String value) throws Unreadable {
        for (String one : choices) {
            if (one.equalsIgnoreCase(value)) {
                return one;
            }
        }
        throw wrong(property, "one of " + String.join(", ", choices));
    }

    /** The driver takes -1 to mean "not set" in some, and counts timeouts in milliseconds. */
    private static String number(PGProperty property, String standard, String value) throws Unreadable {
        int least = standard.startsWith("-") || property == PGProperty.PREPARE_THRESHOLD ? -1 : 0;
        int most = property.getName().endsWith("Timeout") ? LONGEST_SECONDS : Integer.MAX_VALUE;
        if (!value.matches("-?\\d{1,10}") || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw wrong(property, "a whole number from " + least + " to " + most);
        }
        return value;
    }

    private static Unreadable wrong(PGProperty property, String wanted) {
        return new Unreadable("its option " + property.getName() + " must be " + wanted);
    }

    private static Optional<String> near(String name) {
        String misspelt = plain(name);
        Map<Integer, String> byDistance = new TreeMap<>();
        Stream.of(PGProperty.values())
                .filter(property -> !NEVER.contains(property))
                .map(PGProperty::getName)
                .forEach(known ->
                        byDistance.putIfAbsent(new DamerauLevenshteinDistance().apply(misspelt, plain(known)), known));
        return byDistance.entrySet().stream()
                .filter(known -> known.getKey() <= 2)
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
