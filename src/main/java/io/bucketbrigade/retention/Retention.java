package io.bucketbrigade.retention;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.retention.RunsInUse.InUse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps the ledger and the outbox from growing for ever: runs and notifications are removed when they are old and nobody needs them.
 *
 * <p>A pass goes through the ledger from the oldest run to the first that is too young, in small transactions, so that nobody waits for it. Each
 * call does a part of a pass, so that a service that stops need not wait either; after a crash the next pass begins from the start. Several
 * processes may do it at once: whoever finds another one at work leaves it to that one.
 */
public final class Retention {
    private static final String RUNS = "runs";
    private static final String NOTIFICATIONS = "notifications";
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 500;
    private static final int BATCHES_PER_CALL = 50;
    private static final Duration BETWEEN_PASSES = Duration.ofHours(6);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** How long a notification keeps its run that could not be sent, if sent ones are kept for ever. */
    private static final Duration UNSENT = Duration.ofDays(30);

    private final DataSource database;
    private final Kept kept;
    private final Supplier<List<String>> together;
    private final RunsInUse users;
    private final InstantSource clock;
    private final MeterRegistry meters;

    private @Nullable Pass pass;
    /** Why it is not known which runs some pipelines need, by pipeline, as the last pass found. */
    private Map<String, String> unclear = Map.of();

    private Instant nextPass = Instant.MIN;

    /**
     * How long things are kept; empty if for ever.
     *
     * @param runs runs, after their end
     * @param notifications notifications, after they were sent
     */
    public record Kept(Optional<Duration> runs, Optional<Duration> notifications) {}

    /** What a transaction was for its pass. */
    private enum Step {
        FURTHER,
        LAST,
        /** Another process does it. */
        ELSEWHERE
    }

    /** How far a pass is. */
    private static final class Pass {
        private final Instant begun;
        private final @Nullable InUse inUse;
        private boolean isThroughRuns;
        private long after;
        private long runs;
        private long notifications;

        Pass(Instant begun, @Nullable InUse inUse) {
            this.begun = begun;
            this.inUse = inUse;
            this.isThroughRuns = inUse == null;
        }
    }

    /** @param together the pipelines whose runs read all their inputs together */
    public Retention(
            DataSource database,
            Kept kept,
            Supplier<List<String>> together,
            RunsInUse users,
            InstantSource clock,
            MeterRegistry meters) {
        this.database = database;
        this.kept = kept;
        this.together = together;
        this.users = users;
        this.clock = clock;
        this.meters = meters;
        List.of(RUNS, NOTIFICATIONS).forEach(this::counter);
    }

    /**
     * Does the next part of a pass, if it is time. Called by the route runs-tidy.
     *
     * @throws Problem if it is not known which runs a pipeline needs; none of it are removed
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if a place that names runs can't be read
     */
    public synchronized void tidy() throws SQLException, IOException {
        Instant now = clock.instant();
        if (pass == null) {
            if (now.isBefore(nextPass)) {
                requireClear();
                return;
            }
            pass = new Pass(now, kept.runs().isPresent() ? users.find() : null);
            unclear = pass.inUse == null ? Map.of() : pass.inUse.unclear();
        }
        for (int batch = 0; batch < BATCHES_PER_CALL; batch++) {
            Step step = step(pass);
            if (step == Step.LAST) {
                end(pass);
            }
            if (step != Step.FURTHER) {
                break;
            }
        }
        requireClear();
    }

    private void requireClear() {
        if (!unclear.isEmpty()) {
            throw new Problem(Kind.TRANSIENT, "Old runs are not removed: " + String.join(" ", unclear.values()));
        }
    }

    private void end(Pass ended) {
        pass = null;
        nextPass = ended.begun.plus(BETWEEN_PASSES);
        if (ended.runs + ended.notifications > 0) {
            LOG.info(
                    "Removed {} and {} that are older than they are kept",
                    Counted.of(ended.runs, "run"),
                    Counted.of(ended.notifications, "notification"));
        }
    }

    private Step step(Pass current) throws SQLException {
        return InTransaction.get(database, connection -> {
            SilentSessions.endAfter(connection, SILENCE);
            try (PreparedStatement lock = connection.prepareStatement(RetentionStatements.LOCK);
                    ResultSet row = lock.executeQuery()) {
                row.next();
                if (!row.getBoolean(2)) {
                    return Step.ELSEWHERE;
                }
            }
            return current.isThroughRuns || current.inUse == null
                    ? removeNotifications(connection, current)
                    : removeRuns(connection, current, current.inUse);
        });
    }

    private Step removeRuns(Connection connection, Pass current, InUse inUse) throws SQLException {
        try (PreparedStatement remove = connection.prepareStatement(RetentionStatements.RUNS)) {
            remove.setLong(1, current.after);
            remove.setInt(2, BATCH);
            remove.setObject(3, before(current, kept.runs().orElseThrow()));
            remove.setObject(4, before(current, kept.notifications().orElse(UNSENT)));
            remove.setArray(5, connection.createArrayOf("text", together.get().toArray()));
            remove.setArray(6, connection.createArrayOf("bigint", inUse.runs().toArray()));
            remove.setArray(
                    7, connection.createArrayOf("text", inUse.unclear().keySet().toArray()));
            try (ResultSet row = remove.executeQuery()) {
                row.next();
                current.after = row.getLong(1);
                current.isThroughRuns = row.getLong(2) == 0;
                current.runs += removed(RUNS, row.getLong(3));
            }
        }
        return Step.FURTHER;
    }

    private Step removeNotifications(Connection connection, Pass current) throws SQLException {
        if (kept.notifications().isEmpty()) {
            return Step.LAST;
        }
        try (PreparedStatement remove = connection.prepareStatement(RetentionStatements.NOTIFICATIONS)) {
            remove.setObject(1, before(current, kept.notifications().orElseThrow()));
            remove.setInt(2, BATCH);
            int removed = remove.executeUpdate();
            current.notifications += removed(NOTIFICATIONS, removed);
            return removed == BATCH ? Step.FURTHER : Step.LAST;
        }
    }

    private long removed(String what, long number) {
        counter(what).increment((double) number);
        return number;
    }

    private Counter counter(String what) {
        return Counter.builder("brigade.retention.removed")
                .description("Runs and notifications that this instance removed, because they were older than is kept")
                .tag("what", what)
                .register(meters);
    }

    private static Object before(Pass current, Duration kept) {
        return current.begun.minus(kept).atOffset(ZoneOffset.UTC);
    }
}
