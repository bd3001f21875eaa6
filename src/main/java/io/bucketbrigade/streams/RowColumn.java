package io.bucketbrigade.streams;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column of the rows of a stream: what a value must be, and how it is written into the log. Values come from programs of all kinds, so a
 * number may be sent as text, and a text as a number.
 */
final class RowColumn {
    /** What a value can be. */
    private enum Type {
        TEXT,
        INTEGER,
        BIGINT,
        NUMERIC,
        TIMESTAMP,
        DATE,
        BOOLEAN
    }

    private static final int LONGEST_TEXT = 10_000;
    private static final int LONGEST_SHOWN = 56;
    /** A number with more digits than this, before or behind the point, is not a price. */
    private static final int MOST_DIGITS = 56;

    private static final int ISO_DATE = "2010-12-01".length();
    private static final int LAST_YEAR = 9999;
    private static final String AS = "as ";
    private static final String AT_MOST = "at most ";
    private static final String WITHOUT = "without ";
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final String name;
    private final Type type;
    private final boolean optional;
    private final @Nullable DateTimeFormatter format;
    private final String formatText;
    private final int longest;
    private final String ending;
    private volatile @Nullable Time latest;

    private RowColumn(String name, Type type, boolean optional, String formatText, int longest, String ending) {
        this.name = name;
        this.type = type;
        this.optional = optional;
        this.formatText = formatText;
        this.longest = longest;
        this.ending = ending;
        this.format = formatText.isEmpty()
                ? null
                // Only strict resolving refuses February 30, and then a year without an era is written u.
                : DateTimeFormatter.ofPattern(formatText.replace('y', 'u'), Locale.ENGLISH)
                        .withResolverStyle(ResolverStyle.STRICT);
    }

    /**
     * Reads a column as pipeline.yaml has it: {@code timestamp, optional, as M/d/yyyy H:mm} or {@code text, at most 100, without .0}: of
     * at most 100 characters, and without that at its end. The pattern, that of {@link DateTimeFormatter}, is understood besides ISO 8601.
     *
     * @throws Problem if that is not how it is written
     */
    static RowColumn parse(String name, String text) {
        String[] words = text.strip().split("\\s*,\\s*", -1);
        Type type = Stream.of(Type.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(words[0]))
                .findFirst()
                .orElseThrow(() -> wrong(name, text, "it must start with one of the types " + types()));
        boolean optional = false;
        String format = "";
        int longest = LONGEST_TEXT;
        String ending = "";
        for (int at = 1; at < words.length; at++) {
            if (words[at].equals("optional")) {
                optional = true;
            } else if (words[at].matches(AT_MOST + "\\d{1,5}") && type == Type.TEXT) {
                longest = Integer.parseInt(words[at].substring(AT_MOST.length()));
            } else if (words[at].startsWith(WITHOUT) && type == Type.TEXT) {
                ending = words[at].substring(WITHOUT.length());
            } else if (words[at].startsWith(AS) && type == Type.TIMESTAMP) {
                format = words[at].substring(AS.length());
            } else {
                throw wrong(name, text, "'" + words[at] + "' is not known, or not for this type");
            }
        }
        try {
            return new RowColumn(name, type, optional, format, longest, ending);
        } catch (IllegalArgumentException noPattern) {
            throw wrong(name, text, "'" + format + "' is not a pattern of a date and time such as M/d/yyyy H:mm");
        }
    }

    private static String types() {
        return Stream.of(Type.values())
                .map(type -> type.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static Problem wrong(String name, String text, String why) {
        return new Problem(
                Kind.USAGE, "The type of the column " + name + ", '" + text + "', can't be used: " + why + ".");
    }

    String name() {
        return name;
    }

    /** Whether a row need not have a value. */
    boolean isOptional() {
        return optional;
    }

    /**
     * Writes a value as JSON.
     *
     * @param value null if the row has none
     * @return the text that was meant; null if there is none
     * @throws BadValue if the value is not what the column holds
     */
    @Nullable
    String write(@Nullable JsonNode value, StringBuilder json) throws BadValue {
        String text = plain(value == null || value.isNull() ? "" : text(value), value != null);
        if (text == null) {
            json.append("null");
        } else if (type == Type.TEXT || type == Type.TIMESTAMP || type == Type.DATE) {
            json.append('"');
            if (isPlainJson(text)) {
                json.append(text);
            } else {
                ENCODER.quoteAsString(text, json);
            }
            json.append('"');
        } else {
            json.append(text);
        }
        return text;
    }

    /** Nearly all texts are, and the encoder goes through them character by character. */
    private static boolean isPlainJson(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character < ' ' || character == '"' || character == '\\') {
                return false;
            }
        }
        return true;
    }

    /**
     * The one way in which a value is written, which PostgreSQL understands.
     *
     * @param text as it was sent
     * @param isThere whether the row has a value, which may be blank
     * @return null if there is none
     * @throws BadValue if the value is not what the column holds
     */
    @Nullable
    String plain(String text, boolean isThere) throws BadValue {
        if (text.isBlank()) {
            if (!optional) {
                throw new BadValue(name, isThere ? "is blank" : "is missing");
            }
            return null;
        }
        return switch (type) {
            case TEXT -> withoutEnding(checked(text));
            case INTEGER -> Long.toString(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case BIGINT -> Long.toString(whole(text, Long.MIN_VALUE, Long.MAX_VALUE));
            case NUMERIC -> decimal(text).toPlainString();
            case TIMESTAMP -> time(text.strip());
            case DATE -> date(text.strip()).toString();
            case BOOLEAN -> Boolean.toString(truth(text.strip()));
        };
    }

    private String withoutEnding(String text) {
        return !ending.isEmpty() && text.endsWith(ending) && text.length() > ending.length()
                ? text.substring(0, text.length() - ending.length())
                : text;
    }

    private String text(JsonNode value) throws BadValue {
        if (value.isContainerNode()) {
            throw new BadValue(name, "is " + (value.isArray() ? "an array" : "an object") + ", not a single value");
        }
        if (value.isBoolean() && type != Type.BOOLEAN) {
            throw new BadValue(name, "is " + value.asText() + ", which is neither text nor a number");
        }
        return value.asText();
    }

    private String checked(String text) throws BadValue {
        if (text.length() > longest) {
            throw new BadValue(name, "has " + text.length() + " characters; at most " + longest + " are allowed");
        }
        if (text.indexOf('\0') >= 0) {
            throw new BadValue(name, "holds a NUL character");
        }
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (!Character.isSurrogatePair(text.charAt(at), at + 1 < text.length() ? text.charAt(at + 1) : ' ')) {
                    throw new BadValue(name, "holds half of a character (an unpaired surrogate)");
                }
                at++;
            }
        }
        return text;
    }

    private long whole(String text, long least, long most) throws BadValue {
        BigDecimal number = number(text, "a whole number");
        if (number.stripTrailingZeros().scale() > 0) {
            throw not(text, "a whole number");
        }
        if (number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw not(text, "between " + least + " and " + most);
        }
        return number.longValueExact();
    }

    private BigDecimal decimal(String text) throws BadValue {
        return number(text, "a number such as 12.50");
    }

    private BigDecimal number(String text, String what) throws BadValue {
        String stripped = text.strip();
        BigDecimal number;
        try {
            number = new BigDecimal(stripped);
        } catch (NumberFormatException notOne) {
            throw not(text, what);
        }
        // Such a number may be short, as 1e999999999 is, and grow when it is written out.
        if (stripped.length() > 2 * MOST_DIGITS
                || Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS
                || Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw not(text, "a number of at most " + MOST_DIGITS + " digits");
        }
        return number;
    }

    /** Rows that follow each other often have the same time, and reading one takes as long as all else in a row. */
    private String time(String text) throws BadValue {
        Time known = latest;
        if (known == null || !known.text.equals(text)) {
            known = new Time(
                    text, timestamp(text).truncatedTo(ChronoUnit.MICROS).format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
            latest = known;
        }
        return known.iso;
    }

    private LocalDateTime timestamp(String text) throws BadValue {
        // A failure takes longer than reading several times, so what is clearly written otherwise is not tried as ISO
        // 8601.
        if (format == null || text.indexOf('-') >= 0) {
            try {
                return year(iso(text), text);
            } catch (DateTimeException notIso) {
                if (format == null) {
                    throw not(text, "a date and time such as 2010-12-01T08:26:00");
                }
            }
        }
        try {
            return year(
                    format.parseBest(text, LocalDateTime::from, LocalDate::from) instanceof LocalDateTime time
                            ? time
                            : LocalDate.parse(text, format).atStartOfDay(),
                    text);
        } catch (DateTimeException neither) {
            throw not(text, "a date and time such as 2010-12-01T08:26:00, or written " + formatText);
        }
    }

    private LocalDateTime year(LocalDateTime time, String text) throws BadValue {
        if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
            throw not(text, "of the years 1 to " + LAST_YEAR);
        }
        return time;
    }

    /** With an offset, the time is turned into UTC; PostgreSQL and pandas put a blank where ISO 8601 has a T. */
    private static LocalDateTime iso(String text) {
        if (text.length() == ISO_DATE) {
            return LocalDate.parse(text).atStartOfDay();
        }
        String withT = text.length() > ISO_DATE && text.charAt(ISO_DATE) == ' '
                ? text.substring(0, ISO_DATE) + 'T' + text.substring(ISO_DATE + 1)
                : text;
        boolean hasOffset =
                withT.endsWith("Z") || withT.lastIndexOf('+') > ISO_DATE || withT.lastIndexOf('-') > ISO_DATE;
        return hasOffset
                ? OffsetDateTime.parse(withT)
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime()
                : LocalDateTime.parse(withT);
    }

    private LocalDate date(String text) throws BadValue {
        try {
            LocalDate day = LocalDate.parse(text);
            year(day.atStartOfDay(), text);
            return day;
        } catch (DateTimeException noDay) {
            throw not(text, "a valid date (YYYY-MM-DD)");
        }
    }

    private boolean truth(String text) throws BadValue {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" -> true;
            case "false", "f", "no", "n", "0" -> false;
            default -> throw not(text, "true or false");
        };
    }

    /** A time as it was written, and as ISO 8601. */
    private record Time(String text, String iso) {}

    private BadValue not(String text, String what) {
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return new BadValue(name, "is '" + shown.replaceAll("\\p{Cntrl}", "?") + "', which is not " + what);
    }

    /** A value that its column can't hold. */
    static final class BadValue extends Exception {
        private static final long serialVersionUID = 1L;
        private final @Nullable String column;

        /**
         * @param column the column; null if it is about the whole row
         * @param reason why, after the column's name
         */
        BadValue(@Nullable String column, String reason) {
            super(column == null ? reason : column + " " + reason, null, false, false);
            this.column = column;
        }

        /** The same, behind what is wrong with an earlier column of the row. */
        BadValue after(@Nullable BadValue earlier) {
            return earlier == null ? this : new BadValue(earlier, sentence());
        }

        private BadValue(BadValue first, String further) {
            super(first.sentence() + " " + further, null, false, false);
            this.column = first.column;
        }

        @Nullable
        String column() {
            return column;
        }

        String reason() {
            return String.valueOf(getMessage());
        }

        String sentence() {
            return reason() + (reason().endsWith("?") || reason().endsWith(".") ? "" : ".");
        }
    }
}
