package io.bucketbrigade.settings;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All settings, resolved once at start. A key {@code leaderboard.raw} is the environment variable
 * {@code LEADERBOARD_RAW}; people are told the latter.
 */
public final class Settings {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z0-9.]+)}}");
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h)");

    private final SortedMap<String, String> values;
    private final List<String> warnings;
    private final Path home;

    Settings(Map<String, String> raw, List<String> warnings, Path home) {
        this.values = new TreeMap<>();
        this.home = home;
        this.warnings = List.copyOf(warnings);
        for (String key : raw.keySet()) {
            values.put(key, resolve(raw, key, 0));
        }
    }

    private static String resolve(Map<String, String> raw, String key, int depth) {
        String value = raw.get(key);
        if (value == null || depth > 10) {
            throw new Problem(Kind.USAGE, "The setting {{" + key + "}} that another one refers to does not exist.");
        }
        Matcher placeholder = PLACEHOLDER.matcher(value);
        return placeholder.replaceAll(
                match -> Matcher.quoteReplacement(resolve(raw, String.valueOf(match.group(1)), depth + 1)));
    }

    /** The environment variable of a key. */
    public static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The folder the program lies in, with routes/ and samples/. */
    public Path home() {
        return home;
    }

    /** What should be said about the settings at start: variables nobody reads. */
    public List<String> warnings() {
        return warnings;
    }

    /** A setting as it stands; blank if it is not set. */
    public String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return value.strip();
    }

    /** A file or folder; a relative one is meant from the working folder. */
    public Path path(String key) {
        String text = text(key);
        if (text.isEmpty()) {
            throw wrong(key, "a file or folder");
        }
        try {
            return FilePaths.of(text);
        } catch (Problem noPath) {
            throw new Problem(Kind.USAGE, variable(key) + ": " + noPath.sentence(), noPath);
        }
    }

    public int number(String key, int least, int most) {
        return parseNumber(variable(key), text(key), least, most);
    }

    /**
     * Reads a whole number.
     *
     * @param name the setting's, for the message
     * @throws Problem if it is none, or not between the two
     */
    public static int parseNumber(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(name, text, "a whole number from " + least + " to " + most);
        }
        throw wrong(name, text, "a whole number from " + least + " to " + most);
    }

    /** A number of bytes, at least 1. */
    public long bytes(String key) {
        String text = text(key);
        if (text.matches("[1-9][0-9]{0,17}")) {
            return Long.parseLong(text);
        }
        throw wrong(key, "a number of bytes, such as 10737418240 for 10 GiB");
    }

    /** A time such as {@code 250ms}, {@code 5s}, {@code 2m}, {@code 1h}. */
    public Duration duration(String key) {
        Matcher matcher = DURATION.matcher(text(key));
        if (!matcher.matches()) {
            throw wrong(key, "a time such as 250ms, 5s, 2m or 1h");
        }
        long amount = Long.parseLong(String.valueOf(matcher.group(1)));
        return switch (String.valueOf(matcher.group(2))) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /** A share from 0 to 1, written {@code 0.01} or {@code 1%}. */
    public BigDecimal share(String key) {
        return parseShare(variable(key), text(key));
    }

    /**
     * Reads a share.
     *
     * @param name the setting it comes from, for the message
     * @throws Problem if it is none
     */
    public static BigDecimal parseShare(String name, String text) {
        boolean percent = text.endsWith("%");
        try {
            BigDecimal share = new BigDecimal(
                    percent ? text.substring(0, text.length() - 1).strip() : text);
            if (percent) {
                share = share.movePointLeft(2);
            }
            if (share.signum() >= 0 && share.compareTo(BigDecimal.ONE) <= 0) {
                return share;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(name, text, "a share such as 0.01 or 1%");
        }
        throw wrong(name, text, "a share from 0 to 1, such as 0.01 or 1%");
    }

    /**
     * Reads true or false.
     *
     * @param name the setting it comes from, for the message
     * @throws Problem if it is neither
     */
    public static boolean parseSwitch(String name, String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, text, "true or false");
        };
    }

    private Problem wrong(String key, String wanted) {
        return wrong(variable(key), text(key), wanted);
    }

    private static Problem wrong(String name, String text, String wanted) {
        return new Problem(Kind.USAGE, name + " is '" + text + "'; it must be " + wanted + ".");
    }

    /** All settings, for placeholders in routes. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
