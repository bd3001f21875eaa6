package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.FetchedTable.Held;
import io.bucketbrigade.fetching.FetchedTable.Version;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches several sources, some at a time; what happens to one is nothing to the others. */
final class FetchCall {
    private static final Logger LOG = LoggerFactory.getLogger(FetchCall.class);
    private static final int AT_ONCE = 3;
    private static final int BEATS_BETWEEN_LINES = 30;
    private static final ThreadFactory DAEMONS = task -> {
        Thread thread = new Thread(task, "fetching");
        thread.setDaemon(true);
        return thread;
    };

    private final FetchedTable table;
    private final FetchLimits limits;
    private final Locations locations;
    private final Path folder;
    private final FetchMetrics metrics;
    private final Set<Progress> current = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, DAEMONS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(DAEMONS);
    /** Apart from the clock, because the database may take its time. */
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(DAEMONS);

    /** @param folder where files are kept until they are whole */
    FetchCall(FetchedTable table, FetchLimits limits, Locations locations, Path folder, FetchMetrics metrics) {
        this.table = table;
        this.limits = limits;
        this.locations = locations;
        this.folder = folder;
        this.metrics = metrics;
    }

    /**
     * Fetches the sources.
     *
     * @return what became of each, in their order
     * @throws IOException if the HTTP client can't be closed
     * @throws InterruptedException if the caller is interrupted; what has arrived is kept
     */
    List<FetchOutcome> fetch(List<Held> sources) throws IOException, InterruptedException {
        boolean isWeb = sources.stream().anyMatch(held -> held.source().isWeb());
        try (WebClient client = isWeb ? new WebClient(limits) : null) {
            List<Future<FetchOutcome>> outcomes = new ArrayList<>();
            for (Held held : sources) {
                WebClient used = held.source().isWeb() ? client : null;
                outcomes.add(threads.submit(() -> fetch(held, used)));
            }
            List<FetchOutcome> all = new ArrayList<>();
            for (Future<FetchOutcome> outcome : outcomes) {
                all.add(outcome.get());
            }
            return all;
        } catch (CancellationException stopped) {
            throw new Problem(Kind.TRANSIENT, "The service is stopping. Try again when it is back.", stopped);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            stop();
            clock.shutdownNow();
            // Not interrupted: a connection to the database might be lost.
            beats.shutdown();
        }
    }

    /** Ends it soon. What has arrived is kept, and the next call goes on with it. */
    void stop() {
        current.forEach(Progress::end);
        threads.shutdownNow().forEach(task -> ((Future<?>) task).cancel(false));
    }

    private FetchOutcome fetch(Held held, @Nullable WebClient client) {
        Progress progress = new Progress();
        current.add(progress);
        try {
            Optional<Version> known = table.claim(held);
            if (known.isEmpty()) {
                return busy(held);
            }
            FetchOutcome outcome = claimed(held, known.get(), client, progress);
            if (Thread.interrupted()) {
                LOG.debug("{} was stopped", held.source().name());
            }
            table.end(held, progress, outcome);
            return outcome;
        } catch (SQLException | RuntimeException e) {
            return metrics.failed(held, e, progress);
        } finally {
            current.remove(progress);
        }
    }

    private FetchOutcome claimed(Held held, Version known, @Nullable WebClient client, Progress progress) {
        ScheduledFuture<?> beat = beats.scheduleWithFixedDelay(new Beat(held, progress), 1, 1, TimeUnit.SECONDS);
        try (PartialFile part = PartialFile.open(FilePaths.in(folder, held.setting()), held.source())
                .orElse(null)) {
            if (part == null) {
                throw new Problem(
                        Kind.TRANSIENT,
                        "another process still writes what arrived of it. It is tried again the next time.");
            }
            SourceFetch source = new SourceFetch(table, limits, locations, clock, held, known, progress);
            FetchOutcome outcome = source.outcome(source.run(part, client));
            metrics.worked(held, outcome, progress.arrived());
            return outcome;
        } catch (IOException | SQLException | RuntimeException e) {
            return metrics.failed(held, e, progress);
        } finally {
            beat.cancel(false);
        }
    }

    private FetchOutcome busy(Held held) {
        FetchOutcome busy = new FetchOutcome(held.source().name(), State.BUSY, 0, 0, "");
        metrics.worked(held, busy, 0);
        return busy;
    }

    /** Once a second: others see how far the fetch is, and that it is alive. */
    private final class Beat implements Runnable {
        private final Held held;
        private final Progress progress;
        private final AtomicInteger count = new AtomicInteger();

        Beat(Held held, Progress progress) {
            this.held = held;
            this.progress = progress;
        }

        @Override
        public void run() {
            try {
                if (!table.hold(held, progress)) {
                    LOG.warn(
                            "{} is being fetched by another process; this one stops",
                            held.source().name());
                    progress.end();
                }
            } catch (SQLException | RuntimeException e) {
                LOG.debug(
                        "It can't be seen how far {} is: {}",
                        held.source().name(),
                        Problems.of(e).sentence());
            }
            if (count.incrementAndGet() % BEATS_BETWEEN_LINES == 0) {
                LOG.info(
                        "{}: {}{} of {} at {}",
                        held.pipeline(),
                        Counted.of(progress.bytes(), "byte"),
                        progress.total() < 0 ? "" : " of " + Counted.number(progress.total()),
                        held.source().name(),
                        FetchOutcome.rate(progress.rate()));
            }
        }
    }
}
