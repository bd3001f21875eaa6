package io.bucketbrigade.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.RunReport.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * The record of runs, in the database that the results go to.
 *
 * <p>A run is claimed by inserting its row: the partial unique index lets only one through per pipeline, whichever process
 * asks. The claim holds as long as its lease is renewed. Success is written in the transaction that writes the data, and
 * only if the row is still ours, so a process that was thought dead can't publish over its successor.
 */
public final class Ledger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataSource database;
    private final String owner;
    private final Duration lease;
    private final RunListener listener;
    private final RunSessions sessions;
    private final Claims claims;
    private final RunTracing tracing;
    private final Map<Long, Run> alive = new ConcurrentHashMap<>();
    private final AtomicLong endings = new AtomicLong();

    /**
     * @param owner a name that no other process has
     * @param lease how long a claim holds without {@link #renew()}
     */
    public Ledger(DataSource database, String owner, Duration lease) {
        this(database, owner, lease, RunListener.NONE, RunTracing.NONE);
    }

    /**
     * @param owner a name that no other process has
     * @param lease how long a claim holds without {@link #renew()}
     * @param listener hears how runs end
     * @param tracing follows the runs of this process
     */
    public Ledger(DataSource database, String owner, Duration lease, RunListener listener, RunTracing tracing) {
        this.database = database;
        this.owner = owner;
        this.lease = lease;
        this.listener = listener;
        this.sessions = new RunSessions(database, lease);
        this.claims = new Claims(owner, lease, listener);
        this.tracing = tracing;
    }

    /** What follows its runs. */
    RunTracing tracing() {
        return tracing;
    }

    /** The sessions in which its runs work. */
    RunSessions sessions() {
        return sessions;
    }

    /**
     * Asks whether a batch of uploaded files is being put in place.
     *
     * @return this moment; empty if one is
     * @throws SQLException if the database can't answer
     */
    public Optional<BetweenBatches> betweenBatches(String location) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LedgerStatements.BATCHES)) {
            select.setString(1, location);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(2) ? Optional.empty() : Optional.of(new BetweenBatches(location, row.getLong(1)));
            }
        }
    }

    /**
     * Claims a run.
     *
     * @return the run; empty if another one of the pipeline is alive or ends just now, if it would not be new, or if a batch of uploads
     *     was put in place meanwhile
     * @throws SQLException if the database can't answer
     */
    public Optional<Run> claim(Claim claim) throws SQLException {
        Instant begun = Instant.now();
        sessions.endExpired();
        Optional<Run> claimed = RunSessions.unlessLocked(() -> InTransaction.get(database, connection -> {
            sessions.limitWithWaits(connection);
            return claims.claim(connection, claim);
        }));
        claimed.ifPresent(run -> {
            alive.put(run.id(), run);
            tracing.claimed(run, claim.trigger(), begun);
        });
        return claimed;
    }

    /** Whether a run of some inputs is wanted. */
    public enum Need {
        /** It is. */
        NOW,
        /** The last run failed, and it is not time to try again. */
        LATER,
        /** The last run failed, and would fail again. */
        WHEN_ASKED,
        /** The last run succeeded. */
        NONE
    }

    /**
     * Whether runs of a task are wanted, each of inputs of its own.
     *
     * @return one for each fingerprint
     * @throws SQLException if the database can't answer
     */
    public List<Need> needs(String pipeline, String task, List<String> fingerprints) throws SQLException {
        List<Need> needs = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LedgerStatements.NEEDS)) {
            select.setArray(1, connection.createArrayOf("text", fingerprints.toArray()));
            select.setString(2, pipeline);
            select.setString(3, task);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    needs.add(Need.valueOf(row.getString(1)));
                }
            }
        }
        return needs;
    }

    /**
     * Whether a run of the pipeline is alive, in whichever process.
     *
     * @throws SQLException if the database can't answer
     */
    public boolean isBusy(String pipeline) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LedgerStatements.BUSY)) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Whether the run's lease is renewed by us: it was claimed here, and has not ended as far as we know. */
    boolean isOurs(Run run) {
        return alive.containsKey(run.id());
    }

    /** The run's lease is no longer renewed: it ended, or what becomes of it is no longer in our hands. */
    public void ended(Run run) {
        alive.remove(run.id());
        endings.incrementAndGet();
    }

    /** How many runs ended in this process: as long as it stays the same, none of them has changed anything. */
    public long endings() {
        return endings.get();
    }

    /**
     * Serialises claims and endings of a pipeline's runs, so that a claim sees the ending before it. Until the caller's transaction ends, no run of it
     * begins or ends.
     *
     * @throws SQLException if the database can't answer
     */
    public static void lock(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT pg_advisory_xact_lock(hashtextextended('brigade.runs ' || ?, 0))")) {
            lock.setString(1, pipeline);
            lock.execute();
        }
    }

    /**
     * Makes sure that nobody else takes the run over until the caller's transaction ends, and writes what is kept of its end.
     * The run's own row isn't locked, so its lease can be renewed while its files are put in place.
     *
     * @param withheld why not all of its results are published, so that it counts as failed; blank if they are
     * @throws Problem if the run is no longer ours; the caller must roll back
     * @throws SQLException if the database can't answer, or the row counts don't balance
     */
    public void beginEnd(Connection connection, Run run, RowCounts rowCounts, String withheld) throws SQLException {
        rowCounts.balance();
        lock(connection, run.pipeline());
        try (PreparedStatement select = connection.prepareStatement(LedgerStatements.IS_OURS)) {
            select.setLong(1, run.id());
            select.setString(2, owner);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw takenOver(run);
                }
            }
        }
        RunDetails.keep(connection, run, rowCounts);
        Outcome outcome = withheld.isEmpty() ? Outcome.SUCCESS : Outcome.FAILURE;
        listener.ended(connection, new RunReport(run, outcome, rowCounts, withheld, null, !withheld.isEmpty()));
    }

    /**
     * Writes how a run ended, in the transaction of {@link #beginEnd}: to be called last before the commit.
     *
     * @param outputs what was written, as people find it
     * @param withheld the same as before
     * @throws Problem if the run is no longer ours; the caller must roll back
     * @throws SQLException if the database can't answer
     */
    public void end(Connection connection, Run run, RowCounts rowCounts, List<String> outputs, String withheld)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(LedgerStatements.END)) {
            update.setString(1, withheld.isEmpty() ? "succeeded" : "failed");
            update.setString(2, withheld.isEmpty() ? null : withheld.replace("\0", ""));
            update.setString(3, json(outputs));
            update.setLong(4, rowCounts.rowsRead());
            update.setLong(5, rowCounts.rowsCounted());
            update.setLong(6, rowCounts.rowsRejected());
            update.setString(7, json(rowCounts.notes()));
            update.setLong(8, run.id());
            update.setString(9, owner);
            if (update.executeUpdate() != 1) {
                throw takenOver(run);
            }
        }
        listener.published(connection, run, rowCounts, outputs, withheld);
    }

    private static Problem takenOver(Run run) {
        return new Problem(
                Kind.TRANSIENT,
                "Run " + run.id() + " was taken over by another process while it worked; nothing was published.");
    }

    /**
     * Writes that a run failed.
     *
     * @param retryAfter when the same inputs may be tried again; empty if only when they have changed
     * @param rowCounts what became of rows and files, if that is known
     * @throws SQLException if the database can't answer
     */
    public void fail(Run run, String error, Optional<Duration> retryAfter, Optional<RowCounts> rowCounts)
            throws SQLException {
        ended(run);
        InTransaction.get(database, connection -> {
            sessions.mark(connection, run.id());
            lock(connection, run.pipeline());
            try (PreparedStatement update = connection.prepareStatement(LedgerStatements.FAIL)) {
                update.setString(1, error.replace("\0", ""));
                if (retryAfter.isPresent()) {
                    update.setDouble(2, retryAfter.get().toMillis() / 1000.0);
                } else {
                    update.setNull(2, java.sql.Types.DOUBLE);
                }
                update.setLong(3, run.id());
                update.setString(4, owner);
                if (update.executeUpdate() == 1) {
                    if (rowCounts.isPresent()) {
                        RunDetails.keep(connection, run, rowCounts.get());
                    }
                    Instant next = retryAfter.map(Instant.now()::plus).orElse(null);
                    listener.ended(
                            connection,
                            new RunReport(run, Outcome.FAILURE, rowCounts.orElse(null), error, next, false));
                }
                return run;
            }
        });
    }

    /**
     * Releases a run, because its inputs changed or its route was stopped: it is as if it had not been.
     *
     * @throws SQLException if the database can't answer
     */
    public void release(Run run, String why) throws SQLException {
        ended(run);
        InTransaction.get(database, connection -> {
            try (PreparedStatement update = connection.prepareStatement(LedgerStatements.RELEASE_ONE)) {
                update.setString(1, why);
                update.setLong(2, run.id());
                update.setString(3, owner);
                return Releases.of(connection, update, listener);
            }
        });
    }

    /**
     * Releases whatever this process still has, at its end.
     *
     * @throws SQLException if the database can't answer
     */
    public int releaseAll() throws SQLException {
        int released = InTransaction.get(database, connection -> {
            sessions.limit(connection);
            for (String pipeline :
                    alive.values().stream().map(Run::pipeline).sorted().toList()) {
                lock(connection, pipeline);
            }
            try (PreparedStatement update = connection.prepareStatement(LedgerStatements.RELEASE_OWN)) {
                update.setString(1, owner);
                return Releases.of(connection, update, listener);
            }
        });
        alive.values().forEach(run -> tracing.ended(run, "released", null, ""));
        return released;
    }

    /**
     * Releases what earlier processes left, where it is certain that none is alive.
     *
     * @throws SQLException if the database can't answer
     */
    public int releaseOrphans() throws SQLException {
        return InTransaction.get(database, connection -> {
            try (PreparedStatement update = connection.prepareStatement(LedgerStatements.RELEASE_ORPHANS)) {
                return Releases.of(connection, update, listener);
            }
        });
    }

    /**
     * Renews the leases of this process, writes how far its runs are, and ends what runs still hold whose leases have ended.
     * Called by the route runs-heartbeat.
     *
     * @throws SQLException if the database can't answer
     */
    public int renew() throws SQLException {
        int renewed = renewOwn();
        sessions.endExpired();
        return renewed;
    }

    private int renewOwn() throws SQLException {
        List<Run> runs = List.copyOf(alive.values());
        if (runs.isEmpty()) {
            return 0;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(LedgerStatements.RENEW)) {
            update.setDouble(1, lease.toMillis() / 1000.0);
            update.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", runs.stream().map(Run::id).toArray()));
            update.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint",
                            runs.stream().map(run -> run.bytesRead().sum()).toArray()));
            update.setString(4, owner);
            return update.executeUpdate();
        }
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
