package io.bucketbrigade.aws;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does things at the same time that wait for answers most of the time. The threads end when there has been nothing to do for a while. */
public final class Parallel {
    private static final int AT_ONCE = 16;
    private static final int IDLE_SECONDS = 10;

    private final ExecutorService threads = threads();

    private static ExecutorService threads() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "aws");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Does all of them. When one fails, those that have not begun are left.
     *
     * @param meanwhile called by this thread once a second until they are done
     * @throws RuntimeException the first failure, when nothing is at work any more
     */
    public void all(List<Runnable> tasks, Runnable meanwhile) {
        AtomicBoolean hasFailed = new AtomicBoolean();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (Runnable task : tasks) {
            running.add(CompletableFuture.runAsync(() -> unlessFailed(task, hasFailed), threads));
        }
        CompletableFuture<Void> done = CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new));
        try {
            while (!isDone(done)) {
                meanwhile.run();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException reason ? reason : new IllegalStateException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.TRANSIENT, "The service is stopping. Try again when it is back.", stopping);
        } finally {
            hasFailed.set(true);
        }
    }

    private static boolean isDone(CompletableFuture<Void> done) throws ExecutionException, InterruptedException {
        try {
            done.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private static void unlessFailed(Runnable task, AtomicBoolean hasFailed) {
        if (!hasFailed.get()) {
            try {
                task.run();
            } catch (RuntimeException failed) {
                hasFailed.set(true);
                throw failed;
            }
        }
    }
}
