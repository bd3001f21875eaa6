package io.bucketbrigade.streams;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people decide about streams: which readers, losses and rejected rows need no more attention. */
public final class StreamUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(StreamUpkeep.class);

    private static final String FORGET_READER = "DELETE FROM brigade.stream_readers WHERE stream = ? AND reader = ?";
    private static final String SEEN_LOST =
            "UPDATE brigade.stream_sources SET lost = NULL WHERE stream = ? AND lost IS NOT NULL";

    private static final String DISMISS =
            "DELETE FROM brigade.stream_rejected WHERE stream = ? AND rejected_id = ? RETURNING stage, reason";
    private static final String DISMISS_UNTIL = """
            WITH dismissed AS (
                DELETE FROM brigade.stream_rejected WHERE stream = ? AND rejected_id <= ? RETURNING rejected_id, stage
            )
            SELECT count(*), min(rejected_id) || ' to ' || max(rejected_id), string_agg(DISTINCT stage, ', ') FROM dismissed
            """;

    private final Streams streams;
    private final DataSource database;

    public StreamUpkeep(Streams streams, DataSource database) {
        this.streams = streams;
        this.database = database;
    }

    /**
     * Forgets how far a reader has come whose route was removed, so that the log is no longer kept for it. Another process may have a route
     * that this one does not have, so only a reader whose rows have waited for long is taken for removed.
     *
     * @throws Problem if there is no such stream or reader, or it may be in use
     * @throws SQLException if the database refuses, or is away
     */
    public void forgetReader(@Header("pipeline") String pipeline, @Header("reader") String reader) throws SQLException {
        streams.requireStream(pipeline);
        if (streams.lag(pipeline, reader).isEmpty()) {
            throw new Problem(Kind.MISSING, "The stream " + pipeline + " has no reader " + reader + ".");
        }
        if (!streams.isRemoved(pipeline, reader)) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The reader " + reader + " of the stream " + pipeline
                            + " is in use, or no row has waited for it for long. Remove its route first.");
        }
        change(FORGET_READER, pipeline, reader);
    }

    /**
     * Somebody has seen that rows in the buffer of a stream were lost; health no longer says so.
     *
     * @throws Problem if there is no such stream
     * @throws SQLException if the database refuses, or is away
     */
    public void seenLost(@Header("pipeline") String pipeline) throws SQLException {
        streams.requireStream(pipeline);
        change(SEEN_LOST, pipeline);
    }

    /**
     * Forgets a rejected row, which is neither corrected nor tried again.
     *
     * @throws Problem if there is no such stream or row
     * @throws SQLException if the database refuses, or is away
     */
    public void dismissRow(@Header("pipeline") String pipeline, @Header("id") long id) throws SQLException {
        streams.requireStream(pipeline);
        try (Connection connection = database.getConnection();
                PreparedStatement dismiss = connection.prepareStatement(DISMISS)) {
            dismiss.setString(1, pipeline);
            dismiss.setLong(2, id);
            try (ResultSet row = dismiss.executeQuery()) {
                if (!row.next()) {
                    throw StreamReplay.noRow(pipeline, id);
                }
                LOG.info(
                        "{}: the rejected row {} was dismissed ({}: {})",
                        pipeline,
                        id,
                        row.getString(1),
                        row.getString(2));
            }
        }
    }

    /**
     * Forgets rejected rows.
     *
     * @param until the greatest id of a row that is dismissed; rows of a file that is just being loaded may have smaller ones than rows that were seen
     * @throws Problem if there is no such stream
     * @throws SQLException if the database refuses, or is away
     */
    public Dismissed dismissUntil(@Header("pipeline") String pipeline, @Header("until") long until)
            throws SQLException {
        streams.requireStream(pipeline);
        try (Connection connection = database.getConnection();
                PreparedStatement dismiss = connection.prepareStatement(DISMISS_UNTIL)) {
            dismiss.setString(1, pipeline);
            dismiss.setLong(2, until);
            try (ResultSet row = dismiss.executeQuery()) {
                row.next();
                long rows = row.getLong(1);
                if (rows > 0) {
                    LOG.info(
                            "{}: {} dismissed, with ids from {} ({})",
                            pipeline,
                            Counted.of(rows, "rejected row"),
                            row.getString(2),
                            row.getString(3));
                }
                return new Dismissed(rows);
            }
        }
    }

    /** How many rejected rows were dismissed. */
    public record Dismissed(long dismissed) {}

    private void change(String statement, String... values) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement change = connection.prepareStatement(statement)) {
            for (int at = 0; at < values.length; at++) {
                change.setString(at + 1, values[at]);
            }
            change.executeUpdate();
        }
    }
}
