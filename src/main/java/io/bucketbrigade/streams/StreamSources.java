package io.bucketbrigade.streams;

import io.bucketbrigade.buffers.Shard;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How far the shards of a buffer were read into a stream's log, and which process reads which. */
final class StreamSources {
    private static final String IS_UNKNOWN = """
            SELECT EXISTS (SELECT FROM brigade.stream_sources WHERE stream = ? AND source = 'archive')
               AND NOT EXISTS (SELECT FROM brigade.stream_sources WHERE stream = ? AND source = ?)
            """;
    private static final String KNOW = """
            INSERT INTO brigade.stream_sources (stream, source, shard, parents) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;
    private static final String LEASE = """
            SELECT leased_shard, leased_position, leased_read_until FROM brigade.lease_sources(?, ?, ?, ?::interval)
            """;
    private static final String RELEASE = """
            UPDATE brigade.stream_sources SET leased_until = '-infinity' WHERE stream = ? AND source = ? AND owner = ?
            """;
    private static final String MOVE = """
            UPDATE brigade.stream_sources
            SET position = ?, ended = ?, waiting = ?, read_until = ?, read_at = clock_timestamp(), lost = coalesce(?, lost)
            WHERE stream = ? AND source = ? AND shard = ? AND position = ? AND NOT ended
            """;
    private static final String LAG = """
            SELECT coalesce(sum(waiting) FILTER (WHERE NOT ended), 0),
                   coalesce(max(extract(epoch FROM clock_timestamp() - CASE WHEN waiting > 0 THEN read_until ELSE read_at END))
                            FILTER (WHERE NOT ended AND (waiting > 0 OR read_at < clock_timestamp() - interval '30 seconds')), 0),
                   string_agg(DISTINCT lost, ' ')
            FROM brigade.stream_sources
            WHERE stream = ? AND source = ?
            """;

    private final DataSource database;
    private final String stream;
    private final String source;
    private final String process;

    /**
     * @param source the buffer, as it is written in the setting
     * @param process a name that no other process has
     */
    StreamSources(DataSource database, String stream, String source, String process) {
        this.database = database;
        this.stream = stream;
        this.source = source;
        this.process = process;
    }

    /** Whether it is unknown what of the buffer is in the log, because the log was rebuilt. */
    boolean isUnknown() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(IS_UNKNOWN)) {
            select.setString(1, stream);
            select.setString(2, stream);
            select.setString(3, source);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Keeps which shards there are; new ones are read from their beginning. */
    void know(List<Shard> shards) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement know = connection.prepareStatement(KNOW)) {
            for (Shard shard : shards) {
                know.setString(1, stream);
                know.setString(2, source);
                know.setString(3, shard.id());
                know.setArray(
                        4, connection.createArrayOf("text", shard.parents().toArray()));
                know.addBatch();
            }
            know.executeBatch();
        }
    }

    /** The shards that this process is to read; for a process that dies, another one does so after the time. */
    List<ShardPosition> lease(Duration span) throws SQLException {
        List<ShardPosition> leased = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement lease = connection.prepareStatement(LEASE)) {
            lease.setString(1, stream);
            lease.setString(2, source);
            lease.setString(3, process);
            lease.setString(4, span.toSeconds() + " seconds");
            try (ResultSet row = lease.executeQuery()) {
                while (row.next()) {
                    leased.add(new ShardPosition(
                            row.getString(1),
                            row.getString(2),
                            row.getTimestamp(3).toInstant()));
                }
            }
        }
        return leased;
    }

    /** Others may read at once what this process has read. */
    void release() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(RELEASE)) {
            release.setString(1, stream);
            release.setString(2, source);
            release.setString(3, process);
            release.executeUpdate();
        }
    }

    /**
     * Moves the position of a shard, in the transaction that stores the rows before it.
     *
     * @return whether that was done; if not, somebody else has read the same rows
     */
    boolean move(Connection connection, ShardBatch batch) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE)) {
            move.setString(1, batch.position());
            move.setBoolean(2, batch.ended());
            move.setLong(3, batch.waiting());
            move.setTimestamp(4, Timestamp.from(earlier(batch.readUntil(), Instant.now())));
            move.setString(5, batch.lost());
            move.setString(6, stream);
            move.setString(7, source);
            move.setString(8, batch.from().shard());
            move.setString(9, batch.from().position());
            return move.executeUpdate() == 1;
        }
    }

    /** The clocks of those who put rows may be ahead. */
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * How far reading is behind.
     *
     * @param rows how many rows at least wait
     * @param seconds for how long the oldest of them has
     * @param lost what can't be read any more; null if nothing is lost
     */
    record Lag(long rows, double seconds, @Nullable String lost) {}

    /** How far reading is behind, in all processes together. */
    Lag lag() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LAG)) {
            select.setString(1, stream);
            select.setString(2, source);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Lag(row.getLong(1), row.getDouble(2), row.getString(3));
            }
        }
    }
}
