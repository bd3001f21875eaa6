package io.bucketbrigade.streams;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * The idempotency keys of rows that are put back into a log. Which rows of a key are stored is found out when all of them are there, because
 * those of a file are in all partitions.
 */
final class RestoredKeys {
    private static final String MAKE = """
            INSERT INTO brigade.stream_keys (stream, key, stored, used_at)
            SELECT DISTINCT ?::text, key #>> '{}', '{}'::int8multirange, now() FROM unnest(?::json[]) AS key
            ON CONFLICT DO NOTHING
            """;
    /**
     * The key was used when its last row arrived. That of a file counts as used now, so that a file that was sent in part and then loaded is
     * loaded once more without the rows that were sent, however long ago that was.
     */
    private static final String FILL = """
            UPDATE brigade.stream_keys AS known
            SET stored = known.stored + used.numbers,
                used_at = CASE WHEN known.stored = '{}' AND known.key !~ '^[0-9a-f]{64}$' THEN used.arrived ELSE known.used_at END
            FROM (
                SELECT key_id, range_agg(int8range(first, last + 1)) AS numbers, max(arrived) AS arrived
                FROM (
                    SELECT key_id, min(number) AS first, max(number) AS last, max(arrived) AS arrived
                    FROM (
                        SELECT key_id, number, arrived, number - dense_rank() OVER (PARTITION BY key_id ORDER BY number) AS island
                        FROM %s
                        WHERE key_id IS NOT NULL
                    ) AS numbered
                    GROUP BY key_id, island
                ) AS islands
                GROUP BY key_id
            ) AS used
            WHERE known.id = used.key_id AND NOT used.numbers <@ known.stored
            """;
    /** In the order in which all lock them. */
    private static final String LOCK = """
            SELECT count(*) FROM (SELECT FROM brigade.stream_keys WHERE stream = ? ORDER BY key FOR UPDATE) AS locked
            """;
    /** The whole log is sorted. */
    private static final String MEMORY = "SELECT set_config('work_mem', '64MB', true)";

    private final String stream;
    private final String fill;

    RestoredKeys(String stream) {
        this.stream = stream;
        this.fill = FILL.formatted(StreamLog.table(stream));
    }

    /** Makes the keys of rows, if they aren't known, so that the rows can name them. */
    void make(Connection connection, List<ArchivedRow> rows) throws SQLException {
        Object[] keys = rows.stream()
                .map(ArchivedRow::key)
                .filter(Objects::nonNull)
                .distinct()
                .toArray();
        if (keys.length > 0) {
            try (PreparedStatement make = connection.prepareStatement(MAKE)) {
                make.setString(1, stream);
                make.setArray(2, connection.createArrayOf("text", keys));
                make.executeUpdate();
            }
        }
    }

    /** Notes which rows of each key the log has, however long that takes. */
    void fill(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0);
        try (PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement memory = connection.prepareStatement(MEMORY);
                PreparedStatement update = connection.prepareStatement(fill)) {
            lock.setString(1, stream);
            lock.execute();
            memory.execute();
            update.executeUpdate();
        }
    }
}
