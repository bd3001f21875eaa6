package io.bucketbrigade.streams;

import io.bucketbrigade.database.SilentSessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The log of a stream in PostgreSQL.
 *
 * <p>Numbers from a sequence are handed out before the commit, so a reader that has seen 10 could later find that 9 appears. Here, whoever
 * appends to a partition first locks its row in {@code brigade.stream_partitions}, takes the positions behind the one in it, and holds the
 * lock until the commit. So the rows of a partition appear in the order of their positions, positions have no gaps, and a reader that has
 * passed one never misses a row before it. The same lock makes "was it stored before?" and "store it" one step.
 */
final class StreamLog {
    /** How long others wait for a process that is frozen while it appends. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final String LOCK = """
            SELECT partition, position, to_char(greatest(arrived, clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            FROM brigade.stream_partitions
            WHERE stream = ? AND partition = ANY (?)
            ORDER BY partition
            FOR UPDATE
            """;
    /** Whoever uses the same key at the same time waits until this transaction ends. */
    private static final String LOCK_KEYS = """
            INSERT INTO brigade.stream_keys AS known (stream, key, stored, used_at)
            SELECT ?, key, '{}', now() FROM unnest(?::text[]) AS key ORDER BY key
            ON CONFLICT (stream, key) DO UPDATE SET used_at = excluded.used_at
            RETURNING key, stored::text
            """;

    private static final String KNOWN =
            "SELECT key, stored::text FROM brigade.stream_keys WHERE stream = ? AND key = ANY (?)";
    private static final String KEEP_KEYS = """
            UPDATE brigade.stream_keys AS known
            SET stored = used.stored::int8multirange
            FROM unnest(?::text[], ?::text[]) AS used (key, stored)
            WHERE known.stream = ? AND known.key = used.key
            """;
    private static final String REJECT = """
            INSERT INTO brigade.stream_rejected (stream, stage, key, number, field, reason, row)
            SELECT ?, 'intake', key, number, field, reason, row
            FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[]) AS rejected (key, number, field, reason, row)
            ON CONFLICT (stream, key, number) WHERE stage = 'intake' AND key IS NOT NULL DO NOTHING
            """;
    private static final String MOVE = """
            UPDATE brigade.stream_partitions AS p
            SET position = moved.position, arrived = moved.arrived
            FROM unnest(?::smallint[], ?::bigint[], ?::timestamptz[]) AS moved (partition, position, arrived)
            WHERE p.stream = ? AND p.partition = moved.partition
            """;

    private final DataSource database;
    private final String stream;
    private final String insert;

    StreamLog(DataSource database, String stream) {
        this.database = database;
        this.stream = stream;
        this.insert = "INSERT INTO " + table(stream) + " (partition, position, arrived, row)"
                + " SELECT * FROM unnest(?::smallint[], ?::bigint[], ?::timestamptz[], ?::json[])";
    }

    /** The table of a stream's log, as SQL names it; names of pipelines hold no quotes. */
    static String table(String stream) {
        return "brigade.\"stream_" + stream + "\"";
    }

    private static final class Head {
        /** As text, because the driver writes arrays of timestamps in the time zone of this process, and without naming it. */
        private final String arrived;

        private long position;

        Head(long position, String arrived) {
            this.position = position;
            this.arrived = arrived;
        }
    }

    /**
     * Stores rows in one transaction, which is on the disk when this returns.
     *
     * @return what became of each append
     * @throws SQLException if the database refuses, or is away; then nothing is stored, or nobody knows
     */
    List<Receipt> append(List<Append> appends) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Receipt> receipts = append(connection, appends);
                connection.commit();
                return receipts;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    /**
     * Which rows are stored under some keys.
     *
     * @throws SQLException if the database refuses, or is away
     */
    Map<String, RowNumbers> known(Set<String> keys) throws SQLException {
        Map<String, RowNumbers> known = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(KNOWN)) {
            select.setString(1, stream);
            select.setArray(2, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    known.put(row.getString(1), RowNumbers.of(row.getString(2)));
                }
            }
        }
        return known;
    }

    private static void rollBack(Connection connection, Exception because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** The same within a transaction that somebody else ends. */
    List<Receipt> append(Connection connection, List<Append> appends) throws SQLException {
        SilentSessions.endAfter(connection, SILENCE);
        // Keys before partitions, each in order, so that no two processes wait for each other.
        Map<String, RowNumbers> stored = lockKeys(connection, appends);
        Map<Integer, Head> heads = lock(connection, appends);
        List<Receipt> receipts = new ArrayList<>();
        Batch rows = new Batch();
        for (Append append : appends) {
            RowNumbers known = append.key() == null ? new RowNumbers() : stored.get(append.key());
            long duplicate = 0;
            for (ArrivedRow row : append.arrived()) {
                if (append.key() != null && Objects.requireNonNull(known).contains(row.number())) {
                    duplicate++;
                } else {
                    rows.add(row, Objects.requireNonNull(heads.get(row.partition())));
                    Objects.requireNonNull(known).add(row.number());
                }
            }
            receipts.add(new Receipt(append.arrived().size() - duplicate, duplicate));
        }
        if (!rows.json.isEmpty()) {
            rows.insert(connection);
            move(connection, heads);
            keepKeys(connection, stored);
        }
        reject(connection, appends, stored);
        return receipts;
    }

    private Map<Integer, Head> lock(Connection connection, List<Append> appends) throws SQLException {
        Integer[] partitions = appends.stream()
                .flatMap(append -> append.arrived().stream())
                .map(ArrivedRow::partition)
                .distinct()
                .toArray(Integer[]::new);
        Map<Integer, Head> heads = new TreeMap<>();
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, stream);
            lock.setArray(2, connection.createArrayOf("smallint", partitions));
            try (ResultSet head = lock.executeQuery()) {
                while (head.next()) {
                    heads.put(head.getInt(1), new Head(head.getLong(2), head.getString(3)));
                }
            }
        }
        return heads;
    }

    private Map<String, RowNumbers> lockKeys(Connection connection, List<Append> appends) throws SQLException {
        Map<String, RowNumbers> stored = new HashMap<>();
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
                        stored.put(row.getString(1), RowNumbers.of(row.getString(2)));
                    }
                }
            }
        }
        return stored;
    }

    /** The rows of one INSERT, column by column. */
    private final class Batch {
        private final List<Integer> partitions = new ArrayList<>();
        private final List<Long> positions = new ArrayList<>();
        private final List<String> arrived = new ArrayList<>();
        private final List<String> json = new ArrayList<>();

        void add(ArrivedRow row, Head head) {
            head.position++;
            partitions.add(row.partition());
            positions.add(head.position);
            arrived.add(head.arrived);
            json.add(row.json());
        }

        void insert(Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setArray(1, connection.createArrayOf("smallint", partitions.toArray()));
                statement.setArray(2, connection.createArrayOf("bigint", positions.toArray()));
                statement.setArray(3, connection.createArrayOf("timestamptz", arrived.toArray()));
                statement.setArray(4, connection.createArrayOf("text", json.toArray()));
                statement.executeUpdate();
            }
        }
    }

    private void move(Connection connection, Map<Integer, Head> heads) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE)) {
            move.setArray(1, connection.createArrayOf("smallint", heads.keySet().toArray()));
            move.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint",
                            heads.values().stream().map(head -> head.position).toArray()));
            move.setArray(
                    3,
                    connection.createArrayOf(
                            "timestamptz",
                            heads.values().stream().map(head -> head.arrived).toArray()));
            move.setString(4, stream);
            move.executeUpdate();
        }
    }

    private void keepKeys(Connection connection, Map<String, RowNumbers> stored) throws SQLException {
        if (stored.isEmpty()) {
            return;
        }
        List<Map.Entry<String, RowNumbers>> entries = List.copyOf(stored.entrySet());
        try (PreparedStatement keep = connection.prepareStatement(KEEP_KEYS)) {
            keep.setArray(
                    1,
                    connection.createArrayOf(
                            "text", entries.stream().map(Map.Entry::getKey).toArray()));
            keep.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            entries.stream()
                                    .map(entry -> entry.getValue().toString())
                                    .toArray()));
            keep.setString(3, stream);
            keep.executeUpdate();
        }
    }

    /** A row that was corrected and stored under its key meanwhile is not rejected again. */
    private void reject(Connection connection, List<Append> appends, Map<String, RowNumbers> stored)
            throws SQLException {
        List<String> keys = new ArrayList<>();
        List<RejectedRow> rejected = new ArrayList<>();
        for (Append append : appends) {
            for (RejectedRow row : append.rejected()) {
                RowNumbers known = append.key() == null ? null : stored.get(append.key());
                if (known == null || !known.contains(row.number())) {
                    keys.add(append.key());
                    rejected.add(row);
                }
            }
        }
        reject(connection, stream, keys, rejected);
    }

    /** Keeps rows that can't be used, each with its key, unless it is kept already. */
    static void reject(Connection connection, String stream, List<String> keys, List<RejectedRow> rejected)
            throws SQLException {
        if (rejected.isEmpty()) {
            return;
        }
        try (PreparedStatement reject = connection.prepareStatement(REJECT)) {
            reject.setString(1, stream);
            reject.setArray(2, connection.createArrayOf("text", keys.toArray()));
            reject.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", rejected.stream().map(RejectedRow::number).toArray()));
            reject.setArray(
                    4,
                    connection.createArrayOf(
                            "text", rejected.stream().map(RejectedRow::field).toArray()));
            reject.setArray(
                    5,
                    connection.createArrayOf(
                            "text", rejected.stream().map(RejectedRow::reason).toArray()));
            reject.setArray(
                    6,
                    connection.createArrayOf(
                            "text", rejected.stream().map(RejectedRow::row).toArray()));
            reject.executeUpdate();
        }
    }
}
