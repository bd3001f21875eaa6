package io.bucketbrigade.starting;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Lookout;
import io.bucketbrigade.runs.OpenInputs;
import io.bucketbrigade.runs.Publication;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.runs.RunMetrics;
import io.bucketbrigade.runs.Turns;
import io.bucketbrigade.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The parts that routes refer to by name, whichever pipeline they belong to. */
final class Parts {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Parts() {}

    /** Gives a part its name. */
    @FunctionalInterface
    interface Binder {
        void bind(String name, Object part);
    }

    /** Parts that need no database. */
    static ExecutorService bindCounting(Binder binder, Settings settings) {
        int wanted = settings.number("brigade.counting.threads", 0, 1024);
        int threads = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
        // The thread that asked waits; what doesn't fit into the queue is counted by the thread that cuts the blocks.
        ExecutorService counting = new ThreadPoolExecutor(
                threads,
                threads,
                60,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(threads),
                task -> {
                    Thread thread = new Thread(task, "counting");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
        binder.bind("counting", counting);
        return counting;
    }

    /** Parts that write to the database. */
    static Ledger bindRuns(Binder binder, Settings settings, Database database, MeterRegistry meters)
            throws SQLException {
        Duration lease = settings.duration("brigade.lease");
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw new Problem(
                    Kind.USAGE,
                    "BRIGADE_LEASE is '" + settings.text("brigade.lease") + "'; it must be at least "
                            + SHORTEST_LEASE.toSeconds() + "s, because a process is heard of every 5s.");
        }
        Ledger ledger = new Ledger(database.pool(), owner(), lease);
        RunMetrics metrics = new RunMetrics(meters);
        ledger.lastSuccesses().forEach(metrics::lastSucceeded);
        binder.bind("database", database.pool());
        binder.bind("ledger", ledger);
        binder.bind("runEndings", new RunEndings(ledger, metrics));
        binder.bind("publication", new Publication(database.pool(), ledger));
        binder.bind("lookout", new Lookout(settings, ledger));
        binder.bind("openInputs", new OpenInputs());
        binder.bind("turns", new Turns(ledger, PATIENCE));
        binder.bind("lookFailures", new LookFailures());
        return ledger;
    }

    /** Machine and process, so that people find it, and something that no other process ever has. */
    private static String owner() {
        return ManagementFactory.getRuntimeMXBean().getName() + " "
                + UUID.randomUUID().toString().substring(0, 8);
    }
}
