package io.bucketbrigade.streams;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** How far the readers of streams are behind. */
final class Backlogs {
    private static final String BACKLOG = """
            SELECT r.reader, sum(p.position - r.position),
                   coalesce(extract(epoch FROM clock_timestamp() - min(l.arrived)), 0)
            FROM brigade.stream_readers r
            JOIN brigade.stream_partitions p USING (stream, partition)
            LEFT JOIN LATERAL (
                SELECT arrived FROM %s
                WHERE partition = r.partition AND position = r.position + 1 AND arrived >= r.arrived
            ) AS l ON true
            WHERE stream = ?
            GROUP BY r.reader ORDER BY r.reader
            """;

    private final DataSource database;

    Backlogs(DataSource database) {
        this.database = database;
    }

    /**
     * One reader.
     *
     * @param rows how many it has not dealt with
     * @param seconds for how long the oldest of them has waited
     */
    record Lag(String reader, long rows, double seconds) {
        static long longest(List<Lag> lags) {
            return lags.stream().mapToLong(Lag::rows).max().orElse(0);
        }
    }

    /**
     * The readers of a stream, whichever process they are in.
     *
     * @throws SQLException if the database refuses, or is away
     */
    List<Lag> of(String pipeline) throws SQLException {
        List<Lag> lags = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(BACKLOG.formatted(StreamLog.table(pipeline)))) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lags.add(new Lag(row.getString(1), row.getLong(2), row.getDouble(3)));
                }
            }
        }
        return lags;
    }
}
