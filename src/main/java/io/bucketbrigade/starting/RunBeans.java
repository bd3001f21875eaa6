package io.bucketbrigade.starting;

import io.bucketbrigade.batches.UploadBatches;
import io.bucketbrigade.metrics.SharedFigures;
import io.bucketbrigade.notifications.MailSettings;
import io.bucketbrigade.notifications.NotificationQueue;
import io.bucketbrigade.notifications.NotificationSettings;
import io.bucketbrigade.notifications.Outbox;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Exports;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.LedgerFigures;
import io.bucketbrigade.runs.Publication;
import io.bucketbrigade.runs.RecurringFailures;
import io.bucketbrigade.runs.RequestedRuns;
import io.bucketbrigade.runs.RunDataSource;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.runs.RunMetrics;
import io.bucketbrigade.runs.RunTracing;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.watching.InputWatchers;
import io.bucketbrigade.web.HealthReport;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.mail.Session;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The beans around runs: what writes them to the database, and what is known of them. */
final class RunBeans {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RunBeans() {}

    /** Beans that write to the database. */
    static Ledger bindRuns(
            Registry registry,
            Settings settings,
            Locations locations,
            DataSource database,
            MeterRegistry meters,
            RunTracing tracing) {
        RunMetrics metrics = new RunMetrics(meters);
        registry.bind("runMetrics", metrics);
        Duration lease = settings.duration("brigade.lease");
        String owner = owner();
        NotificationSettings notifications = NotificationSettings.of(settings);
        Ledger ledger = new Ledger(
                database, owner, lease, LineageBeans.listener(registry, settings, new Outbox(notifications)), tracing);
        Degradations degradations = new Degradations(InstantSource.system());
        registry.bind("database", database);
        registry.bind("ledger", ledger);
        RunEndings endings = new RunEndings(ledger, metrics, locations, degradations);
        registry.bind("runEndings", endings);
        Exports exports = new Exports(database, ledger, locations, degradations);
        registry.bind("exports", exports);
        registry.bind("publication", new Publication(database, ledger, exports, endings));
        registry.bind("runDatabase", new RunDataSource());
        InputLocations inputs = new InputLocations(
                () -> registry.lookupByNameAndType("pipelines", Pipelines.class),
                new PipelineSettings(settings)::place,
                new PipelineSettings(settings)::place);
        registry.bind("inputLocations", inputs);
        registry.bind(
                "uploadBatches",
                new UploadBatches(
                        database, locations, inputs, owner, lease, settings.duration("brigade.upload.expiry")));
        registry.bind("requestedRuns", new RequestedRuns(ledger, locations, PATIENCE));
        RecurringFailures failures = new RecurringFailures(degradations);
        registry.bind("recurringFailures", failures);
        registry.bind("queueFailures", new QueueFailures(failures, settings.text("brigade.events.queue")));
        registry.bind("degradations", degradations);
        registry.bind("degradationHealth", new DegradationHealth(degradations));
        registry.bind(
                "mailSession", Session.class, () -> MailSettings.of(settings).session());
        registry.bind(
                "notifications",
                new NotificationQueue(
                        database, degradations, LineageBeans.channels(settings, notifications.channels()), meters));
        return ledger;
    }

    /** Beans that keep figures up to date which are not counted where something happens. */
    static void bindMetrics(CamelContext context, Pipelines pipelines, MeterRegistry meters) {
        Registry registry = context.getRegistry();
        registry.bind("health", new HealthReport(context).measuredBy(meters));
        registry.bind(
                "sharedFigures",
                new SharedFigures(
                        new LedgerFigures(registry.lookupByNameAndType("database", DataSource.class)),
                        registry.lookupByNameAndType("runMetrics", RunMetrics.class),
                        registry.lookupByNameAndType("notifications", NotificationQueue.class),
                        meters,
                        pipelines.all().stream().map(Pipeline::name).toList()));
        registry.lookupByNameAndType("inputWatchers", InputWatchers.class).measure(meters);
    }

    /** Machine and process, so that people find it, and something that no other process ever has. */
    private static String owner() {
        return ManagementFactory.getRuntimeMXBean().getName() + " "
                + UUID.randomUUID().toString().substring(0, 8);
    }
}
