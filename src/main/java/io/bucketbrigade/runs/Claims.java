package io.bucketbrigade.runs;

import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.storage.Identity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a run is claimed in the ledger. */
final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final String owner;
    private final Duration lease;
    private final RunListener listener;

    Claims(String owner, Duration lease, RunListener listener) {
        this.owner = owner;
        this.lease = lease;
        this.listener = listener;
    }

    /** Releases the pipeline's run whose lease has ended, then claims one in its place, in the caller's transaction. */
    Optional<Run> claim(Connection connection, Claim claim) throws SQLException {
        Ledger.lock(connection, claim.pipeline());
        releaseExpired(connection, claim.pipeline());
        try (PreparedStatement insert = connection.prepareStatement(LedgerStatements.CLAIM)) {
            insert.setString(1, claim.trigger());
            insert.setString(
                    2,
                    Ledger.json(claim.inputs().stream().map(Identity::described).toList()));
            insert.setString(3, owner);
            insert.setDouble(4, lease.toMillis() / 1000.0);
            insert.setString(5, claim.pipeline());
            insert.setString(6, claim.task());
            insert.setString(7, claim.fingerprint());
            insert.setBoolean(8, claim.onlyIfNew());
            BetweenBatches moment = claim.listedAfter();
            insert.setString(9, moment == null ? null : moment.location());
            insert.setLong(10, moment == null ? 0 : moment.generation());
            insert.setBoolean(11, claim.eachFile());
            try (ResultSet row = insert.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Run run = new Run(
                        row.getLong(1),
                        claim.pipeline(),
                        claim.task(),
                        row.getInt(2),
                        claim.inputs(),
                        Instant.now(),
                        new LongAdder());
                if (isTooMany(connection, claim, run)) {
                    return Optional.empty();
                }
                listener.begun(connection, run);
                return Optional.of(run);
            }
        }
    }

    /** Where the day's runs are used up, the run that was just claimed is skipped until the next day. */
    private boolean isTooMany(Connection connection, Claim claim, Run run) throws SQLException {
        Quota quota = claim.quota();
        if (quota == null || !claim.onlyIfNew()) {
            return false;
        }
        try (PreparedStatement select = connection.prepareStatement(LedgerStatements.SUCCESSES_LIKE_THIS_SINCE)) {
            select.setLong(1, run.id());
            select.setString(2, claim.pipeline());
            select.setString(3, claim.task());
            select.setObject(4, quota.dayOf(run.claimed()).atOffset(ZoneOffset.UTC));
            select.setLong(5, run.id());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getInt(1) < quota.runsPerDay()) {
                    return false;
                }
            }
        }
        Instant next = quota.nextDay(run.claimed());
        String why = "There " + (quota.runsPerDay() == 1 ? "was a run" : "were " + quota.runsPerDay() + " runs")
                + " today, and no more are allowed. This one is done at "
                + next.atZone(quota.zone()).toOffsetDateTime() + ".";
        try (PreparedStatement skip = connection.prepareStatement(LedgerStatements.SKIP)) {
            skip.setString(1, why);
            skip.setObject(2, next.atOffset(ZoneOffset.UTC));
            skip.setLong(3, run.id());
            skip.executeUpdate();
        }
        listener.ended(connection, new RunReport(run, Outcome.SKIPPED, null, why, next, false));
        LOG.info("Run {} of {} ({}) is skipped: {}", run.id(), run.pipeline(), run.task(), why);
        return true;
    }

    private void releaseExpired(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(LedgerStatements.RELEASE_EXPIRED)) {
            update.setString(1, pipeline);
            Releases.of(connection, update, listener);
        }
    }
}
