package io.bucketbrigade.streams;

import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.buffers.SentRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stores rows in a buffer in front of the log. Keys are looked up in the log first, so that most repeated rows are known at once; the log itself
 * leaves out those that are repeated before it has them. If the database is away, rows are accepted all the same.
 */
final class BufferStore implements RowStore {
    /** So long the database is not asked again after it was away. */
    private static final long LEFT_ALONE_NANOS = Duration.ofSeconds(10).toNanos();

    private final String stream;
    private final StreamLog log;
    private final RowBuffer buffer;
    private final StreamMetrics metrics;
    private long askAgainAt = System.nanoTime();

    BufferStore(String stream, StreamLog log, RowBuffer buffer, StreamMetrics metrics) {
        this.stream = stream;
        this.log = log;
        this.buffer = buffer;
        this.metrics = metrics;
    }

    @Override
    public void store(List<Append> group) {
        List<Append> usable = reject(group);
        Map<String, RowNumbers> known = known(usable);
        List<Sending> sendings = new ArrayList<>();
        for (Append append : usable) {
            List<SentRow> rows = fresh(append, append.key() == null ? null : known.get(append.key()));
            long duplicate = (long) append.arrived().size() - rows.size();
            metrics.arrived(stream, new Receipt(0, duplicate), append.rejected().size());
            if (rows.isEmpty()) {
                append.done().complete(new Receipt(0, duplicate));
            } else {
                sendings.add(new Sending(rows, put(append, new Receipt(rows.size(), duplicate))));
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

    /**
     * Keeps the rejected rows, and gives those requests that may go on: a request whose rejected rows can't be kept fails as a whole. One without
     * rows asks which log there is, and only the database knows.
     */
    private List<Append> reject(List<Append> group) {
        List<Append> rejected = group.stream()
                .filter(BufferStore::needsDatabase)
                .map(append -> new Append(append.key(), List.of(), append.rejected(), append.done()))
                .toList();
        if (rejected.isEmpty()) {
            return group;
        }
        try {
            log.append(rejected);
            return group;
        } catch (SQLException | RuntimeException e) {
            rejected.forEach(failed -> failed.done().completeExceptionally(e));
            return group.stream().filter(append -> !needsDatabase(append)).toList();
        }
    }

    private static boolean needsDatabase(Append append) {
        return !append.rejected().isEmpty() || append.size() == 0;
    }

    private Map<String, RowNumbers> known(List<Append> group) {
        Set<String> keys = new HashSet<>();
        for (Append append : group) {
            if (append.key() != null) {
                keys.add(append.key());
            }
        }
        if (keys.isEmpty() || System.nanoTime() < askAgainAt) {
            return Map.of();
        }
        try {
            return log.known(keys);
        } catch (SQLException e) {
            askAgainAt = System.nanoTime() + LEFT_ALONE_NANOS;
            metrics.keysNotLookedUp(stream, e);
            return Map.of();
        }
    }
}
