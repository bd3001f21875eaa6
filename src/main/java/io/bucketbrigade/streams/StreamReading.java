package io.bucketbrigade.streams;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.streams.StreamBatch.LogRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * One reader of a stream, whose position is kept in the database. Any number of processes may share the work: each locks the positions of
 * partitions that nobody else is working on, for one transaction. A process that dies loses its session and so its locks; one that is frozen
 * loses them when its session has been silent for the time of a lease. There is nothing else to hand over, and nothing is read twice.
 */
final class StreamReading {
    private static final String BEGIN = """
            INSERT INTO brigade.stream_readers (stream, reader, partition)
            SELECT ?, ?, number FROM generate_series(0, ? - 1) AS number
            ON CONFLICT DO NOTHING
            """;
    private static final String WAITING = """
            SELECT coalesce(sum(p.position - r.position), 0)
            FROM brigade.stream_readers r
            JOIN brigade.stream_partitions p USING (stream, partition)
            WHERE stream = ? AND r.reader = ?
            """;
    private static final String POSITIONS = """
            SELECT r.partition
            FROM brigade.stream_readers r
            JOIN brigade.stream_partitions p USING (stream, partition)
            WHERE stream = ? AND r.reader = ? AND r.position < p.position
            ORDER BY r.arrived, r.partition
            LIMIT ?
            FOR UPDATE OF r SKIP LOCKED
            """;
    private static final String LOCK = """
            SELECT FROM brigade.stream_readers WHERE stream = ? AND reader = ? AND partition = ? FOR UPDATE
            """;
    private static final String MOVE = """
            UPDATE brigade.stream_readers AS r
            SET position = moved.position, arrived = moved.arrived
            FROM unnest(?::smallint[], ?::bigint[], ?::timestamptz[]) AS moved (partition, position, arrived)
            WHERE r.stream = ? AND r.reader = ? AND r.partition = moved.partition
            """;
    private static final String REJECT = """
            INSERT INTO brigade.stream_rejected (stream, stage, number, partition, arrived, reason, row)
            VALUES (?, ?, ?, ?, ?::timestamptz, ?, ?)
            """;

    /** If more rows wait than a batch holds: so few that several processes find something to do, those first that have waited longest. */
    private static final int PARTITIONS_AT_ONCE = 2;
    /** A batch of rows that are longer than this has fewer of them, because it is in memory several times. */
    private static final long CHARACTERS_PER_ROW = 500;

    private static final int FETCHED_AT_ONCE = 500;

    private final DataSource database;
    private final String stream;
    private final String reader;
    private final Duration lease;
    private final String rows;

    StreamReading(DataSource database, String stream, String reader, Duration lease) {
        this.database = database;
        this.stream = stream;
        this.reader = reader;
        this.lease = lease;
        this.rows = """
                SELECT l.partition, r.position, l.position, to_char(l.arrived AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.row::text
                FROM brigade.stream_readers r
                CROSS JOIN LATERAL (
                    SELECT partition, position, arrived, row
                    FROM %s
                    WHERE partition = r.partition AND position > r.position AND arrived >= r.arrived
                    ORDER BY position
                    LIMIT ?
                ) AS l
                WHERE r.stream = ? AND r.reader = ? AND r.partition = ANY (?)
                ORDER BY l.partition, l.position
                """.formatted(StreamLog.table(stream));
    }

    /**
     * Makes its positions, if they aren't there: a new reader begins with the oldest row.
     *
     * @throws SQLException if the database refuses, or is away
     */
    void begin() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, stream);
            begin.setString(2, reader);
            begin.setInt(3, RowFormat.PARTITIONS);
            begin.executeUpdate();
        }
    }

    /** How many rows it has not dealt with; perhaps another process is just doing so with some of them. */
    long waiting() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(WAITING)) {
            select.setString(1, stream);
            select.setString(2, reader);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Deals with a batch in a transaction.
     *
     * @throws SQLException if the database refuses, or is away
     * @throws E if the work fails for another reason
     */
    <T, E extends Exception> T inTransaction(InTransaction.Work<T, E> work) throws SQLException, E {
        return InTransaction.get(database, connection -> {
            SilentSessions.endAfter(connection, lease);
            return work.with(connection);
        });
    }

    /**
     * The next rows that nobody else is dealing with; they are the transaction's until it ends.
     *
     * @param most how many at most; fewer if they are long
     * @param waiting how many there are, those included that others are dealing with
     */
    StreamBatch next(Connection connection, int most, long waiting) throws SQLException {
        List<Integer> partitions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(POSITIONS)) {
            select.setString(1, stream);
            select.setString(2, reader);
            select.setInt(3, waiting <= most ? RowFormat.PARTITIONS : Math.min(most, PARTITIONS_AT_ONCE));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    partitions.add(row.getInt(1));
                }
            }
        }
        List<LogRow> found = new ArrayList<>();
        if (partitions.isEmpty()) {
            return new StreamBatch(found);
        }
        long charactersLeft = most * CHARACTERS_PER_ROW;
        try (PreparedStatement select = connection.prepareStatement(rows)) {
            select.setFetchSize(FETCHED_AT_ONCE);
            select.setInt(1, Math.max(1, most / partitions.size()));
            select.setString(2, stream);
            select.setString(3, reader);
            select.setArray(4, connection.createArrayOf("smallint", partitions.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (charactersLeft > 0 && row.next()) {
                    LogRow next = new LogRow(row.getInt(1), row.getLong(3), row.getString(4), row.getString(5));
                    LogRow before = found.isEmpty() ? null : found.get(found.size() - 1);
                    requireNext(
                            next,
                            before == null || before.partition() != next.partition()
                                    ? row.getLong(2)
                                    : before.position());
                    found.add(next);
                    charactersLeft -= next.json().length();
                }
            }
        }
        return new StreamBatch(found);
    }

    /** A reader never passes a row that is missing: it waits until the row is put back, and says so. */
    private void requireNext(LogRow row, long before) {
        if (row.position() != before + 1) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The log of " + stream + " has no row at position " + (before + 1) + " of partition "
                            + row.partition()
                            + ". If a rebuild is at work, it will be there soon; otherwise begin one.");
        }
    }

    /** Waits until nobody else is dealing with a partition; the transaction holds it until it ends. */
    void lock(Connection connection, int partition) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, stream);
            lock.setString(2, reader);
            lock.setInt(3, partition);
            lock.executeQuery().close();
        }
    }

    /** Moves the reader behind the rows of a batch; in effect when the transaction is committed. */
    void move(Connection connection, StreamBatch batch) throws SQLException {
        Map<Integer, LogRow> last = new LinkedHashMap<>();
        batch.list().forEach(row -> last.put(row.partition(), row));
        try (PreparedStatement move = connection.prepareStatement(MOVE)) {
            move.setArray(1, connection.createArrayOf("smallint", last.keySet().toArray()));
            move.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint",
                            last.values().stream().map(LogRow::position).toArray()));
            move.setArray(
                    3,
                    connection.createArrayOf(
                            "timestamptz",
                            last.values().stream().map(LogRow::arrived).toArray()));
            move.setString(4, stream);
            move.setString(5, reader);
            move.executeUpdate();
        }
    }

    /** Keeps a row that the reader can't deal with, and why. */
    void reject(Connection connection, LogRow row, String reason) throws SQLException {
        try (PreparedStatement reject = connection.prepareStatement(REJECT)) {
            reject.setString(1, stream);
            reject.setString(2, reader);
            reject.setLong(3, row.position());
            reject.setInt(4, row.partition());
            reject.setString(5, row.arrived());
            reject.setString(6, reason);
            reject.setString(7, row.json());
            reject.executeUpdate();
        }
    }
}
