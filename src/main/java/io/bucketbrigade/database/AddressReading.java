package io.bucketbrigade.database;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * What an address of a database says.
 *
 * <p>People put passwords into addresses as they are, with characters that separate parts of an address. So every @ is tried as
 * the end of the password. Host, database and options are read strictly; nearly always that leaves one reading. Where it leaves
 * none or several, the address is refused, because a wrong guess would show part of the password as host or database.
 *
 * @param hosts host and port; several with commas between
 * @param database escaped as in the address
 */
record AddressReading(
        String user, String password, String hosts, String database, String schema, Map<String, String> options) {
    private static final Pattern SCHEME = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://(.*)", Pattern.DOTALL);
    private static final String HOST = "(?:[\\p{L}\\p{N}._-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?";
    private static final Pattern PLACE =
            Pattern.compile("(" + HOST + "(?:," + HOST + ")*)/([^/?#@:&=\\s]+)(?:\\?(.*))?");
    private static final Pattern OPTION = Pattern.compile("([A-Za-z_.]+)=([^#\\s]*)");
    private static final Pattern USER = Pattern.compile("[^:/?#\\p{Cntrl}]*");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})?");

    /** Names of other programs that mean the same. */
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "connect_timeout", "connectTimeout",
            "application_name", "ApplicationName",
            "channel_binding", "channelBinding",
            "search_path", "currentSchema");

    /** What hosted databases write into addresses for other programs. */
    private static final Set<String> OF_OTHER_PROGRAMS =
            Set.of("pgbouncer", "connection_limit", "pool_timeout", "supa", "sslnegotiation", "gssencmode");

    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Reads an address; what it throws says nothing of it. */
    static AddressReading of(String text) {
        Matcher scheme = SCHEME.matcher(text.strip());
        if (!scheme.matches()) {
            throw DatabaseAddress.refused("it doesn't begin with postgresql://");
        }
        String rest = String.valueOf(scheme.group(1));
        List<AddressReading> readings = new ArrayList<>();
        add(readings, "", rest);
        for (int at = rest.indexOf('@'); at >= 0; at = rest.indexOf('@', at + 1)) {
            add(readings, rest.substring(0, at), rest.substring(at + 1));
        }
        if (readings.isEmpty()) {
            throw DatabaseAddress.refused(
                    "its host, its database or one of its options is missing or not in the right form");
        }
        if (readings.size() > 1) {
            throw DatabaseAddress.refused("it can be read in more than one way");
        }
        return readings.get(0);
    }

    private static void add(List<AddressReading> readings, String credentials, String place) {
        Matcher parts = PLACE.matcher(place);
        int colon = credentials.indexOf(':');
        String user = colon < 0 ? credentials : credentials.substring(0, colon);
        if (!parts.matches() || !USER.matcher(user).matches()) {
            return;
        }
        try {
            Map<String, String> options = options(parts.group(3));
            String otherUser = options.remove("user");
            String otherPassword = options.remove("password");
            String schema = options.remove("currentSchema");
            decode(String.valueOf(parts.group(2)));
            readings.add(new AddressReading(
                    otherUser == null ? decode(user) : otherUser,
                    otherPassword == null ? decode(colon < 0 ? "" : credentials.substring(colon + 1)) : otherPassword,
                    String.valueOf(parts.group(1)),
                    String.valueOf(parts.group(2)),
                    schema == null ? "" : schema.strip(),
                    options));
        } catch (Unreadable other) {
            // This @ doesn't end the password.
        }
    }

    private static Map<String, String> options(@Nullable String query) throws Unreadable {
        Map<String, String> options = new LinkedHashMap<>();
        for (String one : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            Matcher option = OPTION.matcher(one);
            if (!option.matches()) {
                throw new Unreadable();
            }
            String name = String.valueOf(option.group(1));
            name = OTHER_NAMES.getOrDefault(name, name);
            String value = decode(String.valueOf(option.group(2)));
            if (PGProperty.forName(name) != null) {
                options.put(name, value);
            } else if (!OF_OTHER_PROGRAMS.contains(name)) {
                throw new Unreadable();
            }
        }
        return options;
    }

    /**
     * A text without its escapes. One in which no % begins an escape is meant as it is.
     *
     * @throws Unreadable if some do and some don't, or if bytes are escaped that are no UTF-8
     */
    private static String decode(String text) throws Unreadable {
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
            throw new Unreadable();
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
            throw new Unreadable();
        }
    }
}
