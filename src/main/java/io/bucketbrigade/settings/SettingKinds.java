package io.bucketbrigade.settings;

import static java.util.Map.entry;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of settings that any pipeline may use, by the names under which they are declared. */
final class SettingKinds {
    private static final String REGION = "a region such as eu-west-1";
    private static final String HOST = "a host name or an IP address";
    private static final int MANY = Integer.MAX_VALUE;

    /** Any text. */
    static final SettingKind TEXT = kind("some text", (name, value) -> {});
    /** Any text that must not be shown. */
    static final SettingKind SECRET = new SettingKind() {
        @Override
        public String wanted() {
            return "some text";
        }

        @Override
        public void check(String name, String value, Settings settings) {
            // Any text will do.
        }

        @Override
        public boolean isSecret() {
            return true;
        }
    };

    private static final Map<String, SettingKind> NAMED = Map.ofEntries(
            entry("text", TEXT),
            entry("secret", SECRET),
            entry("key", new Key()),
            entry("share", kind(Values.SHARE, Values::share)),
            entry("true or false", kind(Values.FLAG, Values::flag)),
            entry("bytes", Bytes.ANY),
            entry("zone", kind(Values.ZONE, Values::zone)),
            entry("region", kind(REGION, SettingKinds::region)),
            entry("day", kind(Values.DAY, Values::day)),
            entry("schedule", kind(Values.SCHEDULE, Values::schedule)),
            entry("url", kind(Values.URL, Values::url)),
            entry("url without a path", kind(Values.ENDPOINT, Values::endpoint)),
            entry("host", kind(HOST, SettingKinds::host)),
            entry("mail address", mail("an address such as desk@example.org", 1)),
            entry("mail addresses", mail("addresses such as desk@example.org, separated by commas", MANY)),
            entry("pipelines", new Pipelines()),
            entry("place", PlaceKind.READ),
            entry("place to write", PlaceKind.WRITTEN),
            entry("places", PlaceKind.SEVERAL),
            entry("folder", PlaceKind.FOLDER),
            entry("folder that exists", PlaceKind.FOLDER_THAT_EXISTS),
            entry("file", PlaceKind.FILE),
            entry("buckets", PlaceKind.BUCKETS));

    private static final Pattern BYTES = Pattern.compile("bytes from ([1-9]\\d{0,17})");
    private static final Pattern NUMBER = Pattern.compile("number from (\\d{1,9}) to (\\d{1,10})");
    private static final String TIME = "\\d{1,9}(?:ms|s|m|h)";
    private static final Pattern DURATION = Pattern.compile("duration(?: from (" + TIME + "))?(?: to (" + TIME + "))?");
    private static final Pattern CHOICE = Pattern.compile("(one|any) of (.+)");
    private static final Pattern CLASS = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)+");

    private SettingKinds() {}

    /**
     * The kind of that name.
     *
     * @throws Problem if there is no such kind; the message goes on after the name of the setting and "is"
     */
    static SettingKind of(String name) {
        SettingKind named = NAMED.get(name);
        if (named != null) {
            return named;
        }
        Matcher number = NUMBER.matcher(name);
        if (number.matches()) {
            int most = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(String.valueOf(number.group(2))));
            return new WholeNumber(Integer.parseInt(String.valueOf(number.group(1))), most);
        }
        Matcher bytes = BYTES.matcher(name);
        if (bytes.matches()) {
            return new Bytes(Long.parseLong(bytes.group(1)));
        }
        Matcher time = DURATION.matcher(name);
        if (time.matches()) {
            return new Time(bound(time.group(1)), bound(time.group(2)));
        }
        Matcher choice = CHOICE.matcher(name);
        if (choice.matches()) {
            List<String> values = List.of(String.valueOf(choice.group(2)).split(" "));
            return new Choice(values, "any".equals(choice.group(1)));
        }
        if (CLASS.matcher(name).matches()) {
            return byClass(name);
        }
        Set<String> names = new TreeSet<>(NAMED.keySet());
        names.add("duration");
        String meant = Suggestion.of(name, names);
        String all = ". The kinds are " + String.join(", ", names)
                + ", bytes from 1024, duration from 1s to 1h, number from 1 to 9, one of a b, any of a b, and the name of a class.";
        throw new Problem(
                Kind.USAGE, "'" + name + "', which is not a kind of setting" + (meant.isEmpty() ? all : meant));
    }

    private static @Nullable Duration bound(@Nullable String text) {
        return text == null ? null : Values.duration("a bound", text);
    }

    private static SettingKind byClass(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(SettingKind.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException unusable) {
            throw new Problem(
                    Kind.USAGE,
                    "the class " + name + ", which must be in the program, implement " + SettingKind.class.getName()
                            + " and have a public constructor without parameters.",
                    unusable);
        }
    }

    private static SettingKind kind(String wanted, BiConsumer<String, String> reader) {
        return new Simple(wanted, reader);
    }

    private static void host(String name, String value) {
        if (!value.matches("[\\p{L}\\p{N}._:%-]+|\\[[0-9A-Fa-f:.%]+]")) {
            throw Values.wrong(name, value, HOST, null);
        }
    }

    /** It becomes a part of host names. */
    private static void region(String name, String value) {
        if (!value.matches("[A-Za-z0-9-]{1,63}")) {
            throw Values.wrong(name, value, REGION, null);
        }
    }

    private static SettingKind mail(String wanted, int most) {
        return kind(wanted, (name, value) -> {
            try {
                InternetAddress[] addresses = InternetAddress.parse(value, true);
                if (addresses.length == 0 || addresses.length > most) {
                    throw Values.wrong(name, value, wanted, null);
                }
            } catch (AddressException notAnAddress) {
                throw Values.wrong(name, value, wanted, notAnAddress);
            }
        });
    }

    private record Simple(String wanted, BiConsumer<String, String> reader) implements SettingKind {
        @Override
        public void check(String name, String value, Settings settings) {
            reader.accept(name, value);
        }
    }

    /** A whole number within bounds. */
    record WholeNumber(int least, int most) implements SettingKind {
        static final WholeNumber ANY = new WholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE);

        @Override
        public String wanted() {
            return Values.number(least, most);
        }

        int read(String name, String value) {
            return Values.number(name, value, least, most);
        }

        @Override
        public void check(String name, String value, Settings settings) {
            read(name, value);
        }
    }

    /** A number of bytes, with a least one. */
    record Bytes(long least) implements SettingKind {
        static final Bytes ANY = new Bytes(1);

        @Override
        public String wanted() {
            return Values.bytes(least);
        }

        long read(String name, String value) {
            return Values.bytes(name, value, least);
        }

        @Override
        public void check(String name, String value, Settings settings) {
            read(name, value);
        }
    }

    /** A time within bounds. */
    record Time(@Nullable Duration least, @Nullable Duration most) implements SettingKind {
        static final Time ANY = new Time(null, null);

        @Override
        public String wanted() {
            return Values.DURATION
                    + (least == null ? "" : ", at least " + shown(least))
                    + (most == null ? "" : ", at most " + shown(most));
        }

        private static String shown(Duration time) {
            if (time.toMillisPart() > 0) {
                return time.toMillis() + "ms";
            }
            return time.toSecondsPart() > 0 || time.toMinutes() == 0
                    ? time.toSeconds() + "s"
                    : time.toMinutesPart() > 0 ? time.toMinutes() + "m" : time.toHours() + "h";
        }

        Duration read(String name, String value) {
            Duration time = Values.duration(name, value, wanted());
            if ((least != null && time.compareTo(least) < 0) || (most != null && time.compareTo(most) > 0)) {
                throw Values.wrong(name, value, wanted(), null);
            }
            return time;
        }

        @Override
        public void check(String name, String value, Settings settings) {
            read(name, value);
        }
    }

    /** One of some words, or any number of them. */
    private record Choice(List<String> words, boolean any) implements SettingKind {
        @Override
        public String wanted() {
            return (any ? "one or more of " : "one of ")
                    + String.join(", ", words)
                    + (any ? ", separated by commas" : "");
        }

        @Override
        public void check(String name, String value, Settings settings) {
            List<String> chosen = any ? Values.list(value.toLowerCase(Locale.ROOT)) : List.of(value);
            if (chosen.isEmpty() || !words.containsAll(chosen)) {
                throw Values.wrong(name, value, wanted(), null);
            }
        }
    }

    /** A secret that is sent in a header of HTTP, which holds no other characters. */
    private static final class Key implements SettingKind {
        private static final int LONGEST = 4096;

        @Override
        public String wanted() {
            return "letters, digits and signs of ASCII, at most " + LONGEST;
        }

        @Override
        public void check(String name, String value, Settings settings) {
            if (value.length() > LONGEST || !value.matches("[ -~]+")) {
                throw new Problem(
                        Kind.USAGE, name + " must be " + wanted() + ". It is not shown, because it is a secret.");
            }
        }

        @Override
        public boolean isSecret() {
            return true;
        }
    }

    /** Names of pipelines. */
    private static final class Pipelines implements SettingKind {
        @Override
        public String wanted() {
            return "names of pipelines, separated by commas";
        }

        @Override
        public void check(String name, String value, Settings settings) {
            if (!settings.pipelines().containsAll(Values.list(value))) {
                throw Values.wrong(
                        name, value, wanted() + "; there are " + String.join(", ", settings.pipelines()), null);
            }
        }
    }
}
