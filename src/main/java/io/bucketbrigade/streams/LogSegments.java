package io.bucketbrigade.streams;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.settings.PipelineSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of the logs: the tables that hold the rows of a stretch of time. One can be dropped only when nobody reads the log, and whoever
 * waits long for that holds up all others; so it is tried again a minute later.
 */
final class LogSegments {
    private static final Logger LOG = LoggerFactory.getLogger(LogSegments.class);

    private static final String CREATE = "SELECT brigade.create_stream(?, ?), brigade.extend_stream(?, ?::interval)";
    private static final String EXTEND = "SELECT brigade.extend_stream(?, ?::interval)";
    private static final String LIMIT_WAITS = "SELECT set_config('lock_timeout', '2s', true)";
    private static final String IS_NEW =
            "SELECT coalesce(max(position), 0) = 0 FROM brigade.stream_partitions WHERE stream = ?";
    private static final String IS_REBUILDING = "SELECT rebuilding FROM brigade.stream_logs WHERE stream = ?";
    private static final String IS_RESTORING = "SELECT restoring FROM brigade.stream_logs WHERE stream = ?";
    private static final String END_REBUILD = "UPDATE brigade.stream_logs SET rebuilding = false WHERE stream = ?";
    /** While rows are put back, none goes. */
    private static final String SHORTEN = """
            SELECT CASE WHEN restoring THEN 0 ELSE brigade.shorten_stream(stream, ?::interval) END
            FROM brigade.stream_logs WHERE stream = ?
            """;

    private static final int FORGOTTEN_AT_ONCE = 10_000;
    /** Who uses the key later means other rows, so the rejected ones are no longer known by it. */
    private static final String FORGET_KEYS = """
            WITH old AS MATERIALIZED (
                SELECT stream, key FROM brigade.stream_keys
                WHERE stream = ? AND used_at < now() - ?::interval
                LIMIT %d FOR UPDATE SKIP LOCKED
            ),
            rejected AS (
                UPDATE brigade.stream_rejected AS r SET key = NULL
                FROM old
                WHERE r.stream = old.stream AND r.key = old.key AND r.stage = 'intake'
            )
            DELETE FROM brigade.stream_keys AS k USING old WHERE k.stream = old.stream AND k.key = old.key
            """.formatted(FORGOTTEN_AT_ONCE);
    /** Those that a reader failed at were accepted, and stay. */
    private static final String FORGET_REJECTED = """
            DELETE FROM brigade.stream_rejected
            WHERE rejected_id IN (
                SELECT rejected_id FROM brigade.stream_rejected
                WHERE stream = ? AND stage = 'intake' AND rejected_at < now() - ?::interval
                ORDER BY rejected_at LIMIT %d FOR UPDATE SKIP LOCKED)
            """.formatted(FORGOTTEN_AT_ONCE);
    /** A log consists of about so many segments, and none is shorter than this. */
    private static final int SEGMENTS = 8;

    private static final Duration SHORTEST_SEGMENT = Duration.ofHours(1);

    private final DataSource database;
    private final PipelineSettings settings;

    LogSegments(DataSource database, PipelineSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** Makes a stream's log with its first segments, if they aren't there. */
    void create(String pipeline, RowStream definition) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement create = connection.prepareStatement(CREATE)) {
            create.setString(1, pipeline);
            create.setInt(2, RowFormat.PARTITIONS);
            create.setString(3, pipeline);
            create.setString(4, seconds(segment(definition)));
            create.execute();
        }
    }

    /** Makes the next segments, forgets keys and rejected rows, and drops what is too old. */
    void tidy(String stream, RowStream definition) throws SQLException {
        InTransaction.run(database, connection -> {
            limitWaits(connection);
            try (PreparedStatement extend = connection.prepareStatement(EXTEND)) {
                extend.setString(1, stream);
                extend.setString(2, seconds(segment(definition)));
                extend.execute();
            }
        });
        forgetAll(FORGET_KEYS, stream, settings.keysKept(definition));
        Duration kept = settings.rejectedKept(definition).orElse(null);
        if (kept != null) {
            forgetAll(FORGET_REJECTED, stream, kept);
        }
        int dropped = InTransaction.get(database, connection -> {
            limitWaits(connection);
            return shorten(connection, stream, settings.retention(definition));
        });
        if (dropped > 0) {
            LOG.info("Dropped {} old segments of the log of {}", dropped, stream);
        }
    }

    private static void limitWaits(Connection connection) throws SQLException {
        try (PreparedStatement limit = connection.prepareStatement(LIMIT_WAITS)) {
            limit.execute();
        }
    }

    private void forgetAll(String statement, String stream, Duration kept) throws SQLException {
        int forgotten;
        do {
            forgotten = forget(statement, stream, kept);
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }

    private int forget(String statement, String stream, Duration kept) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement forget = connection.prepareStatement(statement)) {
            forget.setString(1, stream);
            forget.setString(2, seconds(kept));
            return forget.executeUpdate();
        }
    }

    private static int shorten(Connection connection, String stream, Duration retention) throws SQLException {
        try (PreparedStatement shorten = connection.prepareStatement(SHORTEN)) {
            shorten.setString(1, seconds(retention));
            shorten.setString(2, stream);
            try (ResultSet row = shorten.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private Duration segment(RowStream definition) {
        Duration part = settings.retention(definition).dividedBy(SEGMENTS);
        return part.compareTo(SHORTEST_SEGMENT) < 0 ? SHORTEST_SEGMENT : part;
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%d seconds", duration.toSeconds());
    }

    /**
     * Whether a stream has never had a row in this database.
     *
     * @throws SQLException if the database refuses, or is away
     */
    boolean isNew(String stream) throws SQLException {
        return ask(IS_NEW, stream);
    }

    /**
     * Whether the rows of an archive are being put back into a stream's log, or that was interrupted.
     *
     * @throws SQLException if the database refuses, or is away
     */
    boolean isRestoring(String stream) throws SQLException {
        return ask(IS_RESTORING, stream);
    }

    /**
     * Whether a stream's tables are being rebuilt, or that was interrupted.
     *
     * @throws SQLException if the database refuses, or is away
     */
    boolean isRebuilding(String stream) throws SQLException {
        return ask(IS_REBUILDING, stream);
    }

    /**
     * A stream's tables are not being rebuilt any more.
     *
     * @throws SQLException if the database refuses, or is away
     */
    void endRebuild(String stream) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement end = connection.prepareStatement(END_REBUILD)) {
            end.setString(1, stream);
            end.executeUpdate();
        }
    }

    private boolean ask(String question, String stream) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(question)) {
            select.setString(1, stream);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
