package io.bucketbrigade.streams;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The idempotency keys of a stream, each with the numbers of its rows that are stored. */
final class StreamKeys {
    /** Whoever uses the same key at the same time waits until this transaction ends. */
    private static final String LOCK_KEYS = """
            INSERT INTO brigade.stream_keys AS known (stream, key, stored, used_at)
            SELECT ?, key, '{}', now() FROM unnest(?::text[]) AS key ORDER BY key
            ON CONFLICT (stream, key) DO UPDATE SET used_at = excluded.used_at
            RETURNING key, id, stored::text
            """;

    /** A row that was rejected before is no longer, unless it is just being replayed, which ends that itself. */
    private static final String KEEP_KEYS = """
            WITH used AS MATERIALIZED (
                SELECT ? AS stream, key, fresh::int8multirange AS fresh FROM unnest(?::text[], ?::text[]) AS used (key, fresh)
            ),
            corrected AS (
                DELETE FROM brigade.stream_rejected
                WHERE rejected_id IN (
                    SELECT r.rejected_id
                    FROM used
                    JOIN brigade.stream_rejected AS r USING (stream, key)
                    WHERE r.stage = 'intake' AND r.number >= lower(used.fresh) AND r.number < upper(used.fresh) AND r.number <@ used.fresh
                    FOR UPDATE OF r SKIP LOCKED)
            )
            UPDATE brigade.stream_keys AS known
            SET stored = known.stored + used.fresh
            FROM used
            WHERE known.stream = used.stream AND known.key = used.key
            """;

    private StreamKeys() {}

    /** A key that a transaction has locked: what the rows of the log know it by, which of its rows are stored, and which of these it stores. */
    record Key(long id, RowNumbers stored, RowNumbers fresh) {
        /** Whether the row is not stored yet; then it is to be. */
        boolean add(long number) {
            if (!stored.add(number)) {
                return false;
            }
            fresh.add(number);
            return true;
        }
    }

    /** Locks the keys of some appends until the transaction ends, those that are new too, and finds which of their rows are stored. */
    static Map<String, Key> lock(Connection connection, String stream, List<Append> appends) throws SQLException {
        Map<String, Key> locked = new HashMap<>();
        Object[] keys = appends.stream()
                .map(Append::key)
                .filter(Objects::nonNull)
                .distinct()
                .toArray();
        if (keys.length > 0) {
            try (PreparedStatement lock = connection.prepareStatement(LOCK_KEYS)) {
                lock.setString(1, stream);
                lock.setArray(2, connection.createArrayOf("text", keys));
                try (ResultSet row = lock.executeQuery()) {
                    while (row.next()) {
                        locked.put(
                                row.getString(1),
                                new Key(row.getLong(2), RowNumbers.of(row.getString(3)), new RowNumbers()));
                    }
                }
            }
        }
        return locked;
    }

    /** Keeps which rows were stored in this transaction. */
    static void keep(Connection connection, String stream, Map<String, Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        List<Map.Entry<String, Key>> entries = List.copyOf(keys.entrySet());
        try (PreparedStatement keep = connection.prepareStatement(KEEP_KEYS)) {
            keep.setString(1, stream);
            keep.setArray(
                    2,
                    connection.createArrayOf(
                            "text", entries.stream().map(Map.Entry::getKey).toArray()));
            keep.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            entries.stream()
                                    .map(entry -> entry.getValue().fresh().toString())
                                    .toArray()));
            keep.executeUpdate();
        }
    }
}
