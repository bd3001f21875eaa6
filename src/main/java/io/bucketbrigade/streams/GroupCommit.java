package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stores what many senders send at once in one go, because what a transaction costs is the wait for the disk, whether it holds one
 * row or a thousand. One thread writes; what arrives while it waits is the next to be stored.
 */
final class GroupCommit implements AutoCloseable {
    private static final int MOST_ROWS_AT_ONCE = 10_000;
    private static final long MOST_WAITING_CHARACTERS = 32L * 1024 * 1024;
    /** If more were stored together before, there will be more again, and waiting for them costs less than storing them apart. */
    private static final int FEW_APPENDS = 2;

    private static final long GATHER_MS = 1;
    /** Wakes the writer when nothing is sent any more. */
    private static final Append CLOSING = new Append(null, List.of(), List.of(), new CompletableFuture<>());

    private final String stream;
    private final RowStore store;
    private final BlockingQueue<Append> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private volatile @Nullable String full;
    private final Thread writer;
    /** What follows when rows are stored, such as answering their sender, must not keep the writer from the next ones. */
    private final ExecutorService answers;

    private volatile boolean closed;

    GroupCommit(String stream, RowStore store) {
        this.stream = stream;
        this.store = store;
        this.answers = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "stream-" + stream + "-answers");
            thread.setDaemon(true);
            return thread;
        });
        this.writer = new Thread(this::write, "stream-" + stream);
        writer.setDaemon(true);
        writer.start();
    }

    /** Whether no more rows are accepted, and why; null if they are. */
    void setFull(@Nullable String why) {
        full = why;
    }

    /**
     * Stores rows.
     *
     * @param key the idempotency key under which they were sent; null if there is none
     * @return completed when they are on the disk, or, if there are none, when the log was asked
     * @throws Problem if more is sent than can be stored
     */
    CompletableFuture<Receipt> append(@Nullable String key, Rows rows) {
        String why = full;
        if (why != null && rows.size() > 0) {
            throw new Problem(Kind.TOO_MANY, why);
        }
        if (waiting.addAndGet(rows.characters()) > MOST_WAITING_CHARACTERS + rows.characters()) {
            waiting.addAndGet(-rows.characters());
            throw new Problem(
                    Kind.TOO_MANY,
                    "More rows arrive for " + stream + " than can be stored at the moment. Send them again later.");
        }
        CompletableFuture<Receipt> done = new CompletableFuture<>();
        queue.add(new Append(key, rows.arrived(), rows.rejected(), rows.log(), done));
        if (closed) {
            refuseAll();
        }
        // A copy, because who gives up waiting completes the future that he has, and this one must see what becomes of
        // the rows.
        return done.whenCompleteAsync((receipt, failed) -> waiting.addAndGet(-rows.characters()), answers)
                .copy();
    }

    private void write() {
        List<Append> group = new ArrayList<>();
        int appends = 0;
        try {
            while (!closed || queue.peek() != null) {
                Append first = queue.poll(1, TimeUnit.SECONDS);
                if (first != null && !first.equals(CLOSING)) {
                    group.add(first);
                    if (appends > FEW_APPENDS) {
                        Thread.sleep(GATHER_MS);
                    }
                    int rows = first.size();
                    Append next = rows < MOST_ROWS_AT_ONCE ? queue.poll() : null;
                    while (next != null && !next.equals(CLOSING)) {
                        group.add(next);
                        rows += next.size();
                        next = rows < MOST_ROWS_AT_ONCE ? queue.poll() : null;
                    }
                    appends = group.size();
                    store.store(group);
                    group.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            refuse(group);
            refuseAll();
        }
    }

    private void refuseAll() {
        List<Append> left = new ArrayList<>();
        queue.drainTo(left);
        refuse(left);
    }

    private static void refuse(List<Append> appends) {
        appends.forEach(
                refused -> refused.done().completeExceptionally(new RejectedExecutionException("The service stops.")));
    }

    @Override
    public void close() {
        closed = true;
        queue.add(CLOSING);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answers.shutdown();
    }
}
