package io.bucketbrigade.settings;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of settings. Whoever needs a value of such a kind reads it here, so that checks and uses agree. Each method
 * gets the setting's name for its message, and throws a {@link Problem} if the value can't be read.
 */
public final class Values {
    static final String SHARE = "a share from 0 to 1, such as 0.01 or 1%";
    static final String FLAG = "true or false";
    static final String BYTES = "a number of bytes, such as 10737418240 for 10 GiB";
    static final String DURATION = "a time such as 250ms, 5s, 2m or 1h";
    static final String ZONE = "a time zone such as Europe/Lisbon or UTC";
    static final String SCHEDULE =
            "the five fields of a line in crontab that comes at some time, such as 0 * * * * (every full hour) or 30 2 * * 1-5";
    static final String DAY = "a date such as 2026-11-22";
    private static final int LAST_PORT = 65_535;
    static final String URL = "a URL such as https://example.org/page";
    static final String ENDPOINT = "a URL without a path, such as http://localhost:9000";

    private static final Pattern WRITTEN_SHARE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,30})?|\\.\\d{1,30})\\s*(%)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    private Values() {}

    /** Says that a value can't be used. */
    public static Problem wrong(String name, String value, String wanted, @Nullable Throwable cause) {
        return new Problem(Kind.USAGE, name + " is '" + value + "'; it must be " + wanted + ".", cause);
    }

    static String number(int least, int most) {
        return "a whole number from " + least + " to " + most;
    }

    /** A whole number within bounds. */
    public static int number(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(name, value, number(least, most), notANumber);
        }
        throw wrong(name, value, number(least, most), null);
    }

    /** A number of bytes, at least 1. */
    public static long bytes(String name, String value) {
        return bytes(name, value, 1);
    }

    static long bytes(String name, String value, long least) {
        if (value.matches("[1-9][0-9]{0,17}") && Long.parseLong(value) >= least) {
            return Long.parseLong(value);
        }
        throw wrong(name, value, bytes(least), null);
    }

    static String bytes(long least) {
        return least == 1 ? BYTES : BYTES + ", at least " + least;
    }

    /** A share from 0 to 1, written {@code 0.01} or {@code 1%}. */
    public static BigDecimal share(String name, String value) {
        Matcher written = WRITTEN_SHARE.matcher(value);
        if (written.matches()) {
            BigDecimal share = new BigDecimal(written.group(1)).movePointLeft(written.group(2) == null ? 0 : 2);
            if (share.compareTo(BigDecimal.ONE) <= 0) {
                return share;
            }
        }
        throw wrong(name, value, SHARE, null);
    }

    /** True or false, in upper or lower case. */
    public static boolean flag(String name, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, value, FLAG, null);
        };
    }

    /** A time such as {@code 250ms}, {@code 5s}, {@code 2m}, {@code 1h}. */
    public static Duration duration(String name, String value) {
        return duration(name, value, DURATION);
    }

    static Duration duration(String name, String value, String wanted) {
        Matcher matcher = TIME.matcher(value);
        if (!matcher.matches()) {
            throw wrong(name, value, wanted, null);
        }
        long amount = Long.parseLong(String.valueOf(matcher.group(1)));
        return switch (String.valueOf(matcher.group(2))) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    /** A time zone. */
    public static ZoneId zone(String name, String value) {
        try {
            return ZoneId.of(value);
        } catch (DateTimeException unknown) {
            throw wrong(name, value, ZONE, unknown);
        }
    }

    /** Moments, as crontab writes them. */
    public static Schedule schedule(String name, String value) {
        try {
            return Schedule.parse(value);
        } catch (IllegalArgumentException invalid) {
            throw wrong(name, value, SCHEDULE, invalid);
        }
    }

    /** A date, written YYYY-MM-DD. */
    public static LocalDate day(String name, String value) {
        try {
            return LocalDate.parse(value);
        } catch (DateTimeException notADate) {
            throw wrong(name, value, DAY, notADate);
        }
    }

    /** An address that begins with http:// or https://. */
    public static URI url(String name, String value) {
        return url(name, value, "https?://[^/\\s]+(/\\S*)?", URL);
    }

    /** An address of a server, without a path. */
    public static URI endpoint(String name, String value) {
        return url(name, value, "https?://[^/\\s]+/?", ENDPOINT);
    }

    private static URI url(String name, String value, String form, String wanted) {
        try {
            URI uri = new URI(value);
            if (value.matches(form) && uri.getHost() != null && uri.getPort() <= LAST_PORT) {
                return uri;
            }
        } catch (URISyntaxException notAnAddress) {
            // Its message repeats the address, and with it a password.
            throw wrong(name, withoutUser(value), wanted, null);
        }
        throw wrong(name, withoutUser(value), wanted, null);
    }

    private static String withoutUser(String address) {
        return address.replaceFirst("(?s)^([A-Za-z][A-Za-z0-9+.-]*:/*)?.*@", "$1…@");
    }

    /** The parts of a list with commas between. */
    public static List<String> list(String value) {
        return Stream.of(value.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
