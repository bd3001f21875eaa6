package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a PostgreSQL is and who we are there.
 *
 * @param jdbcUrl the address for JDBC, without user and password
 * @param user the user; blank if the address names none
 * @param password the password; blank if the address names none
 */
public record DatabaseAddress(String jdbcUrl, String user, String password) {

    /**
     * Reads an address as people write it: {@code postgresql://user:password@host:port/db}, {@code postgres://…} or
     * {@code jdbc:postgresql://…?user=…&password=…}.
     *
     * @param defaultUser the user where the address has none
     * @param defaultPassword the password where the address has none
     * @throws Problem if it is no such address
     */
    public static DatabaseAddress parse(String text, String defaultUser, String defaultPassword) {
        String address = text.strip();
        if (address.startsWith("jdbc:")) {
            address = address.substring("jdbc:".length());
        }
        int scheme = address.indexOf("://");
        if (scheme < 0 || !List.of("postgresql", "postgres").contains(address.substring(0, scheme))) {
            throw new Problem(
                    Kind.USAGE,
                    "This is no address of a PostgreSQL database; write postgresql://user:password@host:port/database.");
        }
        String rest = address.substring(scheme + 3);
        int pathAt = indexOrEnd(rest, '/');
        int queryAt = indexOrEnd(rest, '?');
        String authority = rest.substring(0, Math.min(pathAt, queryAt));
        String database = pathAt < queryAt ? rest.substring(pathAt + 1, queryAt) : "";
        String query = queryAt < rest.length() ? rest.substring(queryAt + 1) : "";
        // A password may hold an @ or a / that nobody escaped; the last @ before a host is the separator.
        int at = rest.substring(0, queryAt).lastIndexOf('@');
        if (at > authority.length()) {
            authority = rest.substring(0, at + 1) + rest.substring(at + 1, indexOrEnd(rest, '/', at));
            database = rest.substring(Math.min(queryAt, indexOrEnd(rest, '/', at) + 1), queryAt);
        }
        String credentials = at < 0 ? "" : authority.substring(0, authority.lastIndexOf('@'));
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = credentials.indexOf(':');
        String user = decode(colon < 0 ? credentials : credentials.substring(0, colon));
        String password = colon < 0 ? "" : decode(credentials.substring(colon + 1));
        List<String> options = new ArrayList<>();
        for (String option : query.split("&", -1)) {
            if (option.startsWith("user=")) {
                user = decode(option.substring("user=".length()));
            } else if (option.startsWith("password=")) {
                password = decode(option.substring("password=".length()));
            } else if (!option.isEmpty()) {
                options.add(option);
            }
        }
        if (host.isEmpty() || database.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "The address of the database lacks its host or its name; write"
                            + " postgresql://user:password@host:port/database.");
        }
        String url = "jdbc:postgresql://" + host + "/" + database
                + (options.isEmpty() ? "" : "?" + String.join("&", options));
        return new DatabaseAddress(
                url, user.isEmpty() ? defaultUser : user, password.isEmpty() ? defaultPassword : password);
    }

    private static int indexOrEnd(String text, char c) {
        return indexOrEnd(text, c, 0);
    }

    private static int indexOrEnd(String text, char c, int from) {
        int index = text.indexOf(c, from);
        return index < 0 ? text.length() : index;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEscaped) {
            return text;
        }
    }

    /** The address without its secret, for people. */
    @Override
    public String toString() {
        return jdbcUrl.substring("jdbc:".length());
    }
}
