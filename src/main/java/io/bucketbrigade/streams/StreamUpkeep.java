package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.Header;

/** What people know of streams, and no program can. */
public final class StreamUpkeep {
    private static final String FORGET_READER = "DELETE FROM brigade.stream_readers WHERE stream = ? AND reader = ?";
    private static final String SEEN_LOST =
            "UPDATE brigade.stream_sources SET lost = NULL WHERE stream = ? AND lost IS NOT NULL";

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
