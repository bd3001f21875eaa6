package io.bucketbrigade.streams;

import io.bucketbrigade.buffers.ReceivedRow;
import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings rows from a buffer into the log. The rows and the positions up to which the buffer was read are one transaction, and a position is moved
 * only by who has read on from the one before. So each row is stored once, whatever is killed, and even if two processes read the same shard.
 */
final class BufferRelay {
    private static final Logger LOG = LoggerFactory.getLogger(BufferRelay.class);

    /** Rows that a process had not yet brought into the log when it died wait for so long. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final long AT_A_TIME_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final long RENEW_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long DISCOVER_NANOS = Duration.ofSeconds(10).toNanos();
    /** So often it is noted that there is nothing new. */
    private static final Duration NOTED = Duration.ofSeconds(10);

    private final String stream;
    private final DataSource database;
    private final RowBuffer buffer;
    private final StreamSources sources;
    private final ReceivedRows rows;
    private final StreamMetrics metrics;
    private List<ShardPosition> leased = List.of();
    private long discoverAt = System.nanoTime();
    private long renewAt = System.nanoTime();
    private Instant noted = Instant.EPOCH;
    private volatile boolean paused;

    BufferRelay(
            String stream,
            DataSource database,
            RowBuffer buffer,
            StreamSources sources,
            ReceivedRows rows,
            StreamMetrics metrics) {
        this.stream = stream;
        this.database = database;
        this.buffer = buffer;
        this.sources = sources;
        this.rows = rows;
        this.metrics = metrics;
    }

    /**
     * Brings rows from some buffers into their logs, for about a second.
     *
     * @throws Problem if a buffer can't be reached, or it is unknown how far it was read; the others are read all the same
     * @throws SQLException if the database refuses, or is away
     */
    static void move(List<BufferRelay> relays) throws SQLException {
        long end = System.nanoTime() + AT_A_TIME_NANOS;
        List<Exception> failed = new ArrayList<>();
        while (!relays.isEmpty() && failed.isEmpty() && System.nanoTime() < end) {
            for (BufferRelay relay : relays) {
                try {
                    relay.move(PATIENCE.dividedBy(relays.size()));
                } catch (SQLException | RuntimeException e) {
                    failed.add(e);
                }
            }
        }
        if (!failed.isEmpty()) {
            Exception first = failed.get(0);
            failed.stream().skip(1).forEach(first::addSuppressed);
            if (first instanceof SQLException sql) {
                throw sql;
            }
            throw (RuntimeException) first;
        }
    }

    /**
     * Brings the next rows into the log, if there are any.
     *
     * @param patience how long to wait for some
     * @throws Problem if the buffer can't be reached, or it is unknown how far it was read
     * @throws SQLException if the database refuses, or is away
     */
    private void move(Duration patience) throws SQLException {
        try {
            renew();
            if (leased.isEmpty() || paused) {
                pause(patience);
                return;
            }
            store(buffer.read(leased, patience));
        } catch (SQLException | RuntimeException e) {
            // Positions are those that the database has, whatever was read meanwhile.
            leased = List.of();
            discoverAt = System.nanoTime();
            renewAt = System.nanoTime();
            throw e;
        }
    }

    /** Whether rows wait in the buffer because the log has too many that wait. */
    void setPaused(boolean paused) {
        this.paused = paused;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() throws SQLException {
        if (System.nanoTime() >= discoverAt) {
            if (sources.isUnknown()) {
                throw new Problem(
                        Kind.CONFLICT,
                        "The stream " + stream
                                + " was rebuilt from its archive, which does not say how far the buffer in front of it had been read."
                                + " Say where to begin; docs/TRANSACTIONS.md shows how.");
            }
            sources.know(buffer.shards());
            discoverAt = System.nanoTime() + DISCOVER_NANOS;
        }
        if (System.nanoTime() >= renewAt) {
            leased = sources.lease(LEASE);
            renewAt = System.nanoTime() + RENEW_NANOS;
        }
    }

    private void store(List<ShardBatch> batches) throws SQLException {
        boolean note = Duration.between(noted, Instant.now()).compareTo(NOTED) > 0;
        // In the same order in all processes, so that none waits for another that waits for it.
        List<ShardBatch> news = batches.stream()
                .filter(batch -> note || batch.isNews())
                .sorted(Comparator.comparing(batch -> batch.from().shard()))
                .toList();
        if (news.isEmpty()) {
            return;
        }
        List<ShardBatch> moved = new ArrayList<>();
        ReceivedRows.Outcome outcome = InTransaction.get(database, connection -> {
            SilentSessions.endAfter(connection, LEASE);
            List<ReceivedRow> received = new ArrayList<>();
            for (ShardBatch batch : news) {
                if (sources.move(connection, batch)) {
                    moved.add(batch);
                    received.addAll(batch.rows());
                }
            }
            return received.isEmpty() ? new ReceivedRows.Outcome(Receipt.NOTHING, 0) : rows.store(connection, received);
        });
        noted = note ? Instant.now() : noted;
        metrics.arrived(stream, outcome.stored(), outcome.rejected());
        goOn(batches, moved, news.size());
    }

    private void goOn(List<ShardBatch> batches, List<ShardBatch> moved, int expected) {
        moved.stream()
                .filter(batch -> batch.lost() != null)
                .forEach(batch -> LOG.error("{}: {}", stream, batch.lost()));
        buffer.stored(moved);
        if (moved.size() < expected || moved.stream().anyMatch(ShardBatch::ended)) {
            discoverAt = System.nanoTime();
            renewAt = System.nanoTime();
            leased = List.of();
            return;
        }
        List<ShardPosition> next = new ArrayList<>();
        for (ShardPosition shard : leased) {
            next.add(batches.stream()
                    .filter(batch -> batch.from().shard().equals(shard.shard()))
                    .findFirst()
                    .map(batch -> new ShardPosition(shard.shard(), batch.position(), batch.readUntil()))
                    .orElse(shard));
        }
        leased = next;
    }

    /** How far it is behind, in all processes together. */
    StreamSources.Lag lag() throws SQLException {
        return sources.lag();
    }

    /** Lets other processes read at once, and lets the buffer go. */
    void close() {
        try {
            sources.release();
        } catch (SQLException e) {
            LOG.warn(
                    "{}: others go on reading after {} s, because the database is away: {}",
                    stream,
                    LEASE.toSeconds(),
                    Problems.of(e).sentence());
        }
        buffer.close();
    }
}
