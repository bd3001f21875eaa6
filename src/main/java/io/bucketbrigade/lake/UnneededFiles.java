package io.bucketbrigade.lake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which files of a lake nobody needs any more, and since when that is known, as the database keeps it. */
final class UnneededFiles {
    private static final String SELECT = "SELECT name, since FROM lake.unneeded_files WHERE namespace = ?";
    private static final String INSERT =
            "INSERT INTO lake.unneeded_files (namespace, since, name) SELECT ?, ?, unnest(?::text[]) ON CONFLICT DO NOTHING";
    private static final String DELETE = "DELETE FROM lake.unneeded_files WHERE namespace = ? AND name = ANY (?)";

    private final Connection connection;
    private final String namespace;

    UnneededFiles(Connection connection, String namespace) {
        this.connection = connection;
        this.namespace = namespace;
    }

    /** The names of all, and since when they are known. */
    Map<String, Instant> known() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, namespace);
            Map<String, Instant> known = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    known.put(rows.getString(1), rows.getTimestamp(2).toInstant());
                }
            }
            return known;
        }
    }

    /** Keeps files that are unneeded from now on; of those that somebody else found first, since then. */
    void add(Collection<String> names, Instant now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, namespace);
            insert.setTimestamp(2, Timestamp.from(now));
            insert.setArray(3, connection.createArrayOf("text", names.toArray()));
            insert.executeUpdate();
        }
    }

    /** Forgets files that are removed, or needed. */
    void forget(Collection<String> names) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setString(1, namespace);
            delete.setArray(2, connection.createArrayOf("text", names.toArray()));
            delete.executeUpdate();
        }
    }
}
