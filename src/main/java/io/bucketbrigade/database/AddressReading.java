package io.bucketbrigade.database;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an address of a database says.
 *
 * <p>People put passwords into addresses as they are, with characters that separate parts of an address. So every @ is tried as
 * the end of the password. Host, database and options are read strictly; nearly always that leaves one reading. Where it leaves
 * none or several, the address is refused, because a wrong guess would show part of the password as host or database. So is one with
 * an @ behind the host: in {@code me:1/secret?user=x@host} it may end the password, and the database may be missing.
 *
 * @param hosts host and port; several with commas between
 * @param database escaped as in the address
 */
record AddressReading(
        String user, String password, String hosts, String database, String schema, Map<String, String> options) {
    private static final Pattern SCHEME = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://(.*)", Pattern.DOTALL);
    private static final String HOST = "(?:[\\p{L}\\p{N}._-]+|\\[[0-9A-Fa-f:.]+])";
    private static final String OPTION = "[A-Za-z_.]+=[^#\\s&]*";
    private static final String REST = "/([^/?#@:&=\\s]+)(?:\\?(" + OPTION + "(?:&" + OPTION + ")*)?)?";
    private static final Pattern PLACE = Pattern.compile(several(HOST + "(?::\\d{1,5})?") + REST);
    private static final Pattern PLACE_WITH_ANY_PORT =
            Pattern.compile("(?:[^/?#]*@)?" + several(HOST + "(?::[^:/?#@]*)?") + REST);
    private static final Pattern PORT = Pattern.compile(":(\\d+)(?:,|$)");
    private static final int LAST_PORT = 65535;
    private static final String PORT_WANTED = "its port must be a whole number from 1 to " + LAST_PORT;
    private static final Pattern CREDENTIALS = Pattern.compile("([^:/?#\\p{Cntrl}]*)(?::(.*))?", Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})?");

    /** One way to read an address leads to nothing. The message goes on after "The address can't be read:", and repeats nothing of it. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why);
        }
    }

    /** Reads an address; what it throws says nothing of it. */
    static AddressReading of(String text) {
        Matcher scheme = SCHEME.matcher(text.strip());
        if (!scheme.matches()) {
            throw DatabaseAddress.refused("it doesn't begin with postgresql://");
        }
        String rest = String.valueOf(scheme.group(1));
        List<AddressReading> readings = new ArrayList<>();
        Set<String> reasons = new TreeSet<>();
        boolean hasAtBehind = false;
        for (int place = 0; place >= 0; place = afterNextAt(rest, place)) {
            Matcher credentials = CREDENTIALS.matcher(rest.substring(0, Math.max(0, place - 1)));
            Matcher parts = PLACE.matcher(rest.substring(place));
            if (credentials.matches() && parts.matches()) {
                try {
                    readings.add(of(credentials, parts));
                    hasAtBehind = rest.indexOf('@', place) >= 0;
                } catch (Unreadable other) {
                    reasons.add(String.valueOf(other.getMessage()));
                }
            }
        }
        if (readings.isEmpty()
                && reasons.isEmpty()
                && PLACE_WITH_ANY_PORT.matcher(rest).matches()) {
            throw DatabaseAddress.refused(PORT_WANTED);
        }
        if (readings.isEmpty()) {
            throw DatabaseAddress.refused(
                    reasons.size() == 1
                            ? reasons.iterator().next()
                            : "its host, its database or one of its options is missing or not in the right form");
        }
        if (readings.size() > 1 || !reasons.isEmpty()) {
            throw DatabaseAddress.refused("it can be read in more than one way");
        }
        if (hasAtBehind) {
            throw DatabaseAddress.refused("it has an @ after the host, so it can be read in more than one way");
        }
        return readings.get(0);
    }

    private static String several(String pattern) {
        return "(" + pattern + "(?:," + pattern + ")*)";
    }

    private static int afterNextAt(String text, int from) {
        int at = text.indexOf('@', from);
        return at < 0 ? -1 : at + 1;
    }

    private static AddressReading of(Matcher credentials, Matcher parts) throws Unreadable {
        String hosts = String.valueOf(parts.group(1));
        checkPorts(hosts);
        Map<String, String> options = AddressOptions.read(parts.group(3));
        String otherUser = options.remove("user");
        String otherPassword = options.remove("password");
        String schema = options.remove("currentSchema");
        String password = credentials.group(2);
        String database = String.valueOf(parts.group(2));
        boolean escaped = !decode(database).equals(database);
        return new AddressReading(
                otherUser == null ? decode(String.valueOf(credentials.group(1))) : otherUser,
                otherPassword == null ? decode(password == null ? "" : password) : otherPassword,
                hosts,
                escaped ? database : database.replace("%", "%25"),
                schema == null ? "" : schema.strip(),
                options);
    }

    private static void checkPorts(String hosts) throws Unreadable {
        for (Matcher port = PORT.matcher(hosts); port.find(); ) {
            int number = Integer.parseInt(String.valueOf(port.group(1)));
            if (number < 1 || number > LAST_PORT) {
                throw new Unreadable(PORT_WANTED);
            }
        }
    }

    /**
     * A text without its escapes. One in which no % begins an escape is meant as it is.
     *
     * @throws Unreadable if some do and some don't, or if bytes are escaped that are not UTF-8
     */
    static String decode(String text) throws Unreadable {
        Matcher escape = ESCAPE.matcher(text);
        int escapes = 0;
        int others = 0;
        while (escape.find()) {
            if (escape.group(1) == null) {
                others++;
            } else {
                escapes++;
            }
        }
        if (escapes == 0) {
            return text;
        }
        if (others > 0) {
            throw new Unreadable("not every % in it begins an escape such as %2F");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '%') {
                decoded.put((byte) (Character.digit(bytes[at + 1], 16) << 4 | Character.digit(bytes[at + 2], 16)));
                at += 2;
            } else {
                decoded.put(bytes[at]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("what its escapes stand for is not UTF-8");
        }
    }
}
