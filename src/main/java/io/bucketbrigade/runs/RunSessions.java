package io.bucketbrigade.runs;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.problems.Problems;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database sessions in which runs work. A process that is frozen keeps its sessions and so its locks. Therefore each
 * transaction of a run carries the run's number as its application name, and every other process ends these sessions when the run's
 * lease has ended. Everything is set for one transaction only, so a pooler between us and PostgreSQL does no harm.
 */
final class RunSessions {
    private static final Logger LOG = LoggerFactory.getLogger(RunSessions.class);
    private static final String NAME = "Bucket Brigade, run ";
    /** How long the last steps of a run may take between two statements: putting files in place, in a bucket perhaps. */
    private static final Duration LAST_STEPS = Duration.ofMinutes(10);

    private static final String MARK = "SELECT set_config('application_name', ?, true)";
    private static final String LIMIT_WAITS = "SELECT set_config('lock_timeout', '2s', true)";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String END = """
            SELECT r.run_id, pg_terminate_backend(s.pid)
            FROM pg_stat_activity s
            JOIN brigade.runs r ON r.run_id = substring(s.application_name FROM '^Bucket Brigade, run (\\d{1,18})$')::bigint
            WHERE s.datname = current_database() AND s.usename = current_user AND s.pid <> pg_backend_pid()
              AND r.lease_until < clock_timestamp()
            """;

    private static final String IS_TAKEN_OVER = "SELECT state = 'released' AND error = '"
            + LedgerStatements.STOPPED_ANSWERING + "' FROM brigade.runs WHERE run_id = ?";
    private static final String DO_AGAIN = """
            UPDATE brigade.runs SET fingerprint = 'overwritten by run ' || ? || '; ' || fingerprint
            WHERE run_id > ? AND run_id = (
                SELECT max(run_id) FROM brigade.runs WHERE pipeline = ? AND task = ? AND state = 'succeeded')
            """;

    private final DataSource database;
    private final Duration lease;

    RunSessions(DataSource database, Duration lease) {
        this.database = database;
        this.lease = lease;
    }

    /** A transaction has begun that works for a run: PostgreSQL ends it when its process is silent between two statements. */
    void mark(Connection connection, long run) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement(MARK)) {
            mark.setString(1, NAME + run);
            mark.execute();
        }
        limit(connection);
    }

    /** A transaction has begun that belongs to no run yet. */
    void limit(Connection connection) throws SQLException {
        SilentSessions.endAfter(connection, lease);
    }

    /**
     * A transaction has begun that gives up when somebody else holds a lock for long. Whoever waits without a limit can't end the
     * session that it waits for; and when a process is frozen that waits, its session would get the lock next, and keep it.
     */
    void limitWithWaits(Connection connection) throws SQLException {
        limit(connection);
        try (PreparedStatement limit = connection.prepareStatement(LIMIT_WAITS)) {
            limit.execute();
        }
    }

    /** What may be refused because somebody else holds a lock. */
    interface Work<T> {
        Optional<T> done() throws SQLException;
    }

    /** Empty if somebody else held a lock for longer than {@link #limitWithWaits} allows. */
    static <T> Optional<T> unlessLocked(Work<T> work) throws SQLException {
        try {
            return work.done();
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * To be asked while the transaction holds the pipeline's lock, and immediately before something is put in place that the database
     * can't take back: as long as the session lives, nobody else can have taken the run over.
     *
     * @throws io.bucketbrigade.problems.Problem if the session was ended
     */
    static void checkAlive(Connection connection) {
        try {
            SilentSessions.endAfter(connection, LAST_STEPS);
        } catch (SQLException ended) {
            throw Problems.of(ended);
        }
    }

    /**
     * Ends what runs still hold whose leases have ended.
     *
     * @throws SQLException if the database can't answer
     */
    void endExpired() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement end = connection.prepareStatement(END);
                ResultSet ended = end.executeQuery()) {
            while (ended.next()) {
                LOG.info(
                        "The process of run {} has stopped answering; its database session was ended",
                        ended.getLong(1));
            }
        }
    }

    /**
     * Whether another process took a run over.
     *
     * @throws SQLException if the database can't answer
     */
    boolean isTakenOver(Run run) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(IS_TAKEN_OVER)) {
            select.setLong(1, run.id());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * A run put a file in place and could not commit. If another process did the work meanwhile, its file may be lost, so the
     * next check does that work again.
     *
     * @throws SQLException if the database can't answer
     */
    void doAgainIfOverwritten(Run run) throws SQLException {
        InTransaction.run(database, connection -> {
            limit(connection);
            // Whoever has this lock puts its files in place after us, or has committed.
            Ledger.lock(connection, run.pipeline());
            try (PreparedStatement update = connection.prepareStatement(DO_AGAIN)) {
                update.setString(1, Long.toString(run.id()));
                update.setLong(2, run.id());
                update.setString(3, run.pipeline());
                update.setString(4, run.task());
                if (update.executeUpdate() == 1) {
                    LOG.info(
                            "Run {} of {} put a file in place too late; the work is done again",
                            run.id(),
                            run.pipeline());
                }
            }
        });
    }
}
