package io.bucketbrigade.streams;

import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.buffers.SentRow;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.streams.StreamLog.Known;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stores rows in a buffer in front of the log. Keys are looked up in the log first, so that most repeated rows are known at once; the log itself
 * leaves out those that are repeated before it has them. If the database is away, rows are accepted all the same, unless
 * they are for one log only.
 */
final class BufferStore implements RowStore {
    /** So long the database is not asked again after it was away. */
    private static final long LEFT_ALONE_NANOS = Duration.ofSeconds(10).toNanos();

    private final String stream;
    private final StreamLog log;
    private final RowBuffer buffer;
    private final StreamMetrics metrics;
    private long askAgainAt;
    /** Why it is not asked before then; null if it never was away. */
    private @Nullable Exception away;

    BufferStore(String stream, StreamLog log, RowBuffer buffer, StreamMetrics metrics) {
        this.stream = stream;
        this.log = log;
        this.buffer = buffer;
        this.metrics = metrics;
    }

    @Override
    public void store(List<Append> group) {
        @Nullable Known known = known(group);
        Map<String, RowNumbers> keys = known == null ? Map.of() : known.keys();
        String there = known == null ? log.identity() : known.log();
        List<Sending> sendings = new ArrayList<>();
        for (Append append : reject(identified(group, known))) {
            List<SentRow> rows = fresh(append, append.key() == null ? null : keys.get(append.key()));
            long duplicate = (long) append.arrived().size() - rows.size();
            metrics.arrived(
                    stream, new Receipt(0, duplicate, there), append.rejected().size());
            Receipt receipt = new Receipt(rows.size(), duplicate, there);
            if (rows.isEmpty()) {
                append.done().complete(receipt);
            } else {
                sendings.add(new Sending(rows, put(append, receipt)));
            }
        }
        if (!sendings.isEmpty()) {
            buffer.put(sendings);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private static CompletableFuture<Void> put(Append append, Receipt receipt) {
        CompletableFuture<Void> put = new CompletableFuture<>();
        put.whenComplete((acknowledged, failed) -> {
            if (failed == null) {
                append.done().complete(receipt);
            } else {
                append.done().completeExceptionally(failed);
            }
        });
        return put;
    }

    private static List<SentRow> fresh(Append append, @Nullable RowNumbers known) {
        return append.arrived().stream()
                .filter(row -> known == null || !known.contains(row.number()))
                .map(row -> new SentRow(append.key(), row.number(), row.order(), row.json()))
                .toList();
    }

    /** Those that may go on: for some, it must be known which log there is, and only the database knows. */
    private List<Append> identified(List<Append> group, @Nullable Known known) {
        List<Append> identified = new ArrayList<>();
        for (Append append : group) {
            if (!needsLog(append)
                    || (known != null && (append.log() == null || append.log().equals(known.log())))) {
                identified.add(append);
            } else {
                append.done().completeExceptionally(known == null ? away() : OtherLog.refuse(stream, known.log()));
            }
        }
        return identified;
    }

    private static boolean needsLog(Append append) {
        return append.log() != null || append.size() == 0;
    }

    /** Keeps the rejected rows, and gives those requests that may go on: one whose rejected rows can't be kept fails as a whole. */
    private List<Append> reject(List<Append> group) {
        List<Append> rejected = group.stream()
                .filter(append -> !append.rejected().isEmpty())
                .map(append -> new Append(append.key(), List.of(), append.rejected(), append.log(), append.done()))
                .toList();
        if (rejected.isEmpty() || isKept(rejected)) {
            return group;
        }
        return group.stream().filter(append -> append.rejected().isEmpty()).toList();
    }

    private boolean isKept(List<Append> rejected) {
        if (isLeftAlone()) {
            rejected.forEach(failed -> failed.done().completeExceptionally(away()));
            return false;
        }
        try {
            log.append(rejected);
            return true;
        } catch (SQLException | RuntimeException e) {
            if (Problems.of(e).kind() == Kind.TRANSIENT) {
                leaveAlone(e);
            }
            rejected.forEach(failed -> failed.done().completeExceptionally(e));
            return false;
        }
    }

    /** What the database knows of a group; null if nothing needs to be known, or it is away. */
    private @Nullable Known known(List<Append> group) {
        Set<String> keys = new HashSet<>();
        for (Append append : group) {
            if (append.key() != null) {
                keys.add(append.key());
            }
        }
        if (isLeftAlone() || (keys.isEmpty() && group.stream().noneMatch(BufferStore::needsLog))) {
            return null;
        }
        try {
            return log.known(keys);
        } catch (SQLException e) {
            leaveAlone(e);
            if (!keys.isEmpty()) {
                metrics.keysNotLookedUp(stream, e);
            }
            return null;
        }
    }

    /** The thread that writes would wait for it, and with it all rows. */
    private boolean isLeftAlone() {
        return away != null && System.nanoTime() - askAgainAt < 0;
    }

    private void leaveAlone(Exception because) {
        away = because;
        askAgainAt = System.nanoTime() + LEFT_ALONE_NANOS;
    }

    private Exception away() {
        return Objects.requireNonNull(away);
    }
}
