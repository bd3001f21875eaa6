package io.bucketbrigade.streams;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * When a reader is given its next batch: at once, or when so many rows wait as a batch holds or one of them is so old. Such a batch may be
 * large, so it also has no more rows than memory holds.
 */
final class BatchRolling {
    /** A batch with more bytes, as JSON, is made smaller. */
    private static final long MOST_BYTES = 32L << 20;

    private final DataSource database;
    private final String stream;
    private final String reader;
    private final int rows;
    private final Duration age;
    private final String oldest;
    private final String bytes;

    /**
     * @param rows how many rows a batch has at most
     * @param age how old a row is when it need not wait for others any more; zero if none waits
     */
    BatchRolling(DataSource database, String stream, String reader, int rows, Duration age) {
        this.database = database;
        this.stream = stream;
        this.reader = reader;
        this.rows = rows;
        this.age = age;
        String log = StreamLog.table(stream);
        this.oldest = """
                SELECT coalesce(extract(epoch FROM clock_timestamp() - min(l.arrived)), 0)
                FROM brigade.stream_readers r
                CROSS JOIN LATERAL (
                    SELECT arrived FROM %s WHERE partition = r.partition AND position = r.position + 1 AND arrived >= r.arrived
                ) AS l
                WHERE r.stream = ? AND r.reader = ?
                """.formatted(log);
        this.bytes = """
                SELECT coalesce(sum(octet_length(l.row::text)), 0)
                FROM (
                    SELECT r.partition, r.position, r.arrived, count(*) OVER () AS partitions
                    FROM brigade.stream_readers r
                    JOIN brigade.stream_partitions p USING (stream, partition)
                    WHERE stream = ? AND r.reader = ? AND r.position < p.position
                ) AS r
                CROSS JOIN LATERAL (
                    SELECT row FROM %s
                    WHERE partition = r.partition AND position > r.position AND arrived >= r.arrived
                    ORDER BY position
                    LIMIT ? / r.partitions
                ) AS l
                """.formatted(log);
    }

    /** Whether rows wait for others. */
    boolean isRolled() {
        return !age.isZero();
    }

    /**
     * How many rows the next batch may have; 0 if it is not due.
     *
     * @param waiting how many there are
     */
    int due(long waiting) throws SQLException {
        if (waiting == 0 || !isRolled()) {
            return waiting == 0 ? 0 : rows;
        }
        try (Connection connection = database.getConnection()) {
            if (waiting < rows && oldestWaits(connection) < age.toMillis() / 1000.0) {
                return 0;
            }
            int most = rows;
            while (most > 1 && bytes(connection, most) > MOST_BYTES) {
                most /= 2;
            }
            return most;
        }
    }

    /** For how many seconds. */
    private double oldestWaits(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(oldest)) {
            select.setString(1, stream);
            select.setString(2, reader);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getDouble(1);
            }
        }
    }

    private long bytes(Connection connection, int most) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(bytes)) {
            select.setString(1, stream);
            select.setString(2, reader);
            select.setInt(3, most);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
