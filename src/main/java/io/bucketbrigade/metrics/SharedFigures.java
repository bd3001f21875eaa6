package io.bucketbrigade.metrics;

import io.bucketbrigade.notifications.NotificationQueue;
import io.bucketbrigade.notifications.NotificationQueue.Waiting;
import io.bucketbrigade.runs.LedgerFigures;
import io.bucketbrigade.runs.RunMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all instances on one database have in common. It is read every few seconds and not when somebody asks for it, so whoever asks often, or while
 * the database is away, costs nothing and waits for nothing. Called by the route metrics-refresh.
 */
public final class SharedFigures {
    private final LedgerFigures ledger;
    private final RunMetrics runs;
    private final NotificationQueue notifications;
    private final MeterRegistry meters;
    private final List<String> pipelines;
    private final Map<String, Double> running = new ConcurrentHashMap<>();
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private volatile double readAt;

    /** @param pipelines the names of all pipelines */
    public SharedFigures(
            LedgerFigures ledger,
            RunMetrics runs,
            NotificationQueue notifications,
            MeterRegistry meters,
            Collection<String> pipelines) {
        this.ledger = ledger;
        this.runs = runs;
        this.notifications = notifications;
        this.meters = meters;
        this.pipelines = List.copyOf(pipelines);
        runs.show(pipelines);
        pipelines.forEach(pipeline -> Gauge.builder(
                        "brigade.run.running.seconds", running, known -> known.getOrDefault(pipeline, 0.0))
                .description(
                        "For how long the current run of a pipeline has been in progress in any instance; 0 if none is")
                .tag("pipeline", pipeline)
                .register(meters));
        Gauge.builder("brigade.database.read.timestamp.seconds", this, figures -> figures.readAt)
                .description(
                        "When this instance last read the figures that it has from the database, in seconds since 1970")
                .register(meters);
    }

    /**
     * Reads them.
     *
     * @throws SQLException if the database can't answer; the figures stay as they were
     */
    public void refresh() throws SQLException {
        ledger.lastSuccesses(pipelines).forEach(runs::lastSucceeded);
        Map<String, Double> alive = ledger.running();
        running.putAll(alive);
        running.keySet().retainAll(alive.keySet());
        Map<String, Waiting> unsent = notifications.waiting();
        waiting.replaceAll((channel, before) -> unsent.getOrDefault(channel, new Waiting(0, 0)));
        unsent.forEach((channel, now) -> {
            if (waiting.put(channel, now) == null) {
                show(channel);
            }
        });
        readAt = System.currentTimeMillis() / 1000.0;
    }

    private void show(String channel) {
        Gauge.builder("brigade.notifications.waiting", waiting, all -> of(all, channel)
                        .notifications())
                .description("Notifications that no instance has sent yet")
                .tag("channel", channel)
                .register(meters);
        Gauge.builder("brigade.notifications.oldest.seconds", waiting, all -> of(all, channel)
                        .oldestSeconds())
                .description(
                        "How long the oldest notification has waited that no instance has sent yet; 0 if none waits")
                .tag("channel", channel)
                .register(meters);
    }

    private static Waiting of(Map<String, Waiting> all, String channel) {
        return all.getOrDefault(channel, new Waiting(0, 0));
    }
}
