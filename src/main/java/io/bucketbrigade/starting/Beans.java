package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.dynamodb.DynamoTables;
import io.bucketbrigade.events.BucketEvents;
import io.bucketbrigade.fetching.Fetching;
import io.bucketbrigade.fetching.RequestedFetches;
import io.bucketbrigade.lake.LakeRuns;
import io.bucketbrigade.planning.Planner;
import io.bucketbrigade.redshift.RedshiftDatabases;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.retention.KeptTime;
import io.bucketbrigade.retention.Retention;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.RecurringFailures;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.runs.RunLog;
import io.bucketbrigade.runs.RunTracing;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.ObjectStore;
import io.bucketbrigade.storage.TemporaryFiles;
import io.bucketbrigade.streams.StreamComponent;
import io.bucketbrigade.streams.StreamFiles;
import io.bucketbrigade.streams.StreamMetrics;
import io.bucketbrigade.streams.StreamUpkeep;
import io.bucketbrigade.streams.Streams;
import io.bucketbrigade.tables.Tables;
import io.bucketbrigade.version.ProgramVersion;
import io.bucketbrigade.watching.ClaimComponent;
import io.bucketbrigade.watching.InputWatchers;
import io.bucketbrigade.web.Contract;
import io.bucketbrigade.web.ContractFiles;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The beans that routes refer to by name, whichever pipeline they belong to. */
final class Beans {
    private static final int READERS = 8;

    private Beans() {}

    static int countingThreads(Settings settings) {
        int wanted = settings.number("brigade.counting.threads");
        return wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
    }

    /** Steps of pipelines say where they failed. */
    static void nameFailedSteps(CamelContext context, Settings settings) {
        context.getCamelContextExtension()
                .addInterceptStrategy(new FailedSteps(settings.routeFolders().get(0)));
    }

    /**
     * Routes see the settings as they were brought together, and nothing else: Camel would look into the environment first, and a command's own
     * settings would not count where the user has set the same variable.
     */
    static void useOnlySettings(CamelContext context) {
        PropertiesComponent properties = (PropertiesComponent) context.getPropertiesComponent();
        properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
    }

    /**
     * All settings; and for each pipeline its folder, so that routes find what is beside them as <code>{{NAME.folder}}</code>, and the folder of
     * its samples, <code>{{NAME.samples}}</code>.
     */
    static Properties properties(Settings settings) {
        Properties properties = new Properties();
        properties.putAll(settings.values());
        settings.routeFolders().stream()
                .flatMap(root -> Pipelines.folders(root).stream())
                .forEach(folder -> {
                    properties.setProperty(folder.getFileName() + ".folder", folder.toString());
                    properties.setProperty(
                            folder.getFileName() + ".samples",
                            Pipeline.samples(folder).toString());
                });
        return properties;
    }

    /**
     * The pipelines there are.
     *
     * @param only the name of the one that is needed; blank if all are
     * @throws io.bucketbrigade.problems.Problem if a pipeline.yaml can't be used
     */
    static Pipelines pipelines(Settings settings, String only) {
        Pipelines pipelines = Pipelines.read(settings.routeFolders(), only);
        pipelines.requireSettings(settings.values().keySet());
        return pipelines;
    }

    /** Where files are. The clients of AWS behind it are made when a route first asks for one. */
    static Locations bindLocations(CamelContext context, Settings settings, AwsClients aws) {
        Registry registry = context.getRegistry();
        registry.bind("s3", S3Client.class, aws::s3);
        registry.bind("sqs", SqsClient.class, aws::sqs);
        registry.bind("sns", SnsClient.class, aws::sns);
        registry.bind("dynamoTables", new DynamoTables(aws::dynamoDb));
        registry.bind("redshiftDatabases", new RedshiftDatabases(aws::redshiftData, aws::s3));
        Locations locations = new Locations(
                new ObjectStore(context, countingThreads(settings)),
                new TemporaryFiles(settings.path("brigade.data").resolve("tmp")));
        registry.bind("locations", locations);
        return locations;
    }

    /** Beans that need no database. */
    static ExecutorService bindCounting(Registry registry, Settings settings) {
        ExecutorService counting = pool("counting", countingThreads(settings));
        registry.bind("counting", counting);
        // Who reads many small files waits for each of them more than it counts.
        registry.bind("reading", pool("reading", Math.max(READERS, countingThreads(settings))));
        return counting;
    }

    /** The thread that asked waits; what doesn't fit into the queue is done by the thread that hands out the work. */
    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        60,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(threads),
                        task -> {
                            Thread thread = new Thread(task, name);
                            thread.setDaemon(true);
                            return thread;
                        },
                        new RunByCaller()) {
                    @Override
                    public void execute(Runnable task) {
                        super.execute(RunLog.carried(task));
                    }
                };
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** What is asked for when the service stops is refused; the JDK's policy of that kind would leave who waits for it waiting. */
    private static final class RunByCaller extends ThreadPoolExecutor.CallerRunsPolicy {
        @Override
        public void rejectedExecution(Runnable task, ThreadPoolExecutor executor) {
            if (executor.isShutdown()) {
                throw new RejectedExecutionException("The service stops.");
            }
            super.rejectedExecution(task, executor);
        }
    }

    /**
     * Beans that know which pipelines there are, or read their files.
     *
     * @param database null where nothing may be written
     */
    static void bindPipelines(
            Registry registry,
            PipelineSettings settings,
            Supplier<Pipelines> pipelines,
            Locations locations,
            @Nullable DataSource database) {
        registry.bind("pipelines", Pipelines.class, pipelines::get);
        registry.bind("tables", new Tables(settings, locations, database));
        registry.bind("streamFiles", new StreamFiles(settings));
        registry.bind("planner", Planner.class, () -> new Planner(pipelines.get(), settings, locations));
    }

    /** Beans that know which pipelines there are, and watch their inputs. */
    static void bindWatching(
            CamelContext context,
            Settings settings,
            Pipelines pipelines,
            Locations locations,
            DataSource database,
            MeterRegistry meters) {
        Registry registry = context.getRegistry();
        PipelineSettings named = new PipelineSettings(settings);
        bindPipelines(registry, named, () -> pipelines, locations, database);
        LakeBeans.bind(registry, settings, pipelines, locations, database);
        registry.bind("bucketEvents", new BucketEvents(settings.values().values(), pipelines));
        InputWatchers watchers = new InputWatchers(
                pipelines,
                named,
                locations,
                registry.lookupByNameAndType("ledger", Ledger.class),
                registry.lookupByNameAndType("degradations", Degradations.class));
        registry.bind("inputWatchers", watchers);
        registry.bind(
                "retention",
                new Retention(
                        database,
                        new Retention.Kept(
                                KeptTime.of(settings, "brigade.runs.kept"),
                                KeptTime.of(settings, "brigade.notifications.kept")),
                        () -> pipelines.all().stream()
                                .filter(pipeline ->
                                        pipeline.definition().start().eachFile() == null)
                                .map(Pipeline::name)
                                .toList(),
                        new LakeRuns(locations, database),
                        InstantSource.system(),
                        meters));
        context.addComponent(
                ClaimComponent.SCHEME,
                new ClaimComponent(
                        pipelines,
                        watchers,
                        named,
                        locations,
                        registry.lookupByNameAndType("runEndings", RunEndings.class)));
    }

    /** Beans that keep the streams of pipelines. */
    static Streams bindStreams(
            CamelContext context,
            Settings settings,
            Pipelines pipelines,
            Locations locations,
            DataSource database,
            AwsClients aws,
            MeterRegistry meters) {
        Streams streams = new Streams(
                pipelines,
                new PipelineSettings(settings),
                locations,
                database,
                settings.duration("brigade.lease"),
                new Buffers(settings, aws),
                new StreamMetrics(
                        meters, context.getRegistry().lookupByNameAndType("degradations", Degradations.class)));
        context.getRegistry().bind("streams", streams);
        context.getRegistry().bind("streamUpkeep", new StreamUpkeep(streams, database));
        context.addComponent(
                StreamComponent.SCHEME,
                new StreamComponent(
                        streams,
                        context.getRegistry().lookupByNameAndType("recurringFailures", RecurringFailures.class)));
        return streams;
    }

    /** Beans that fetch files. Nothing of their HTTP client is loaded before a route first asks for one. */
    static Fetching bindFetching(
            CamelContext context,
            Settings settings,
            Pipelines pipelines,
            Locations locations,
            DataSource database,
            MeterRegistry meters) {
        Registry registry = context.getRegistry();
        Fetching fetching = new Fetching(
                settings,
                () -> pipelines,
                locations,
                database,
                registry.lookupByNameAndType("degradations", Degradations.class),
                meters);
        registry.bind("fetching", fetching);
        registry.bind("requestedFetches", new RequestedFetches(context, pipelines, database));
        return fetching;
    }

    /** The classes of all beans by their names, for which neither database nor network is needed. */
    static Map<String, Class<?>> classes(Settings settings) {
        Map<String, Class<?>> classes = new HashMap<>(Map.of(
                "metricsRegistry", MeterRegistry.class,
                "contractFiles", ContractFiles.class,
                "contract", Contract.class,
                "programVersion", ProgramVersion.class,
                "openapi.json", String.class));
        DefaultRegistry registry = new DefaultRegistry() {
            @Override
            public void bind(String name, Class<?> type, Object part) {
                super.bind(name, type, part);
                classes.put(name, part.getClass());
            }

            @Override
            public void bind(String name, Class<?> type, Supplier<Object> part) {
                super.bind(name, type, part);
                classes.put(name, type);
            }
        };
        DataSource database = new PGSimpleDataSource();
        try (DefaultCamelContext context = new DefaultCamelContext(registry);
                AwsClients aws = new AwsClients(() -> AwsSettings.of(settings))) {
            Locations locations = bindLocations(context, settings, aws);
            bindCounting(registry, settings).shutdownNow();
            RunBeans.bindRuns(registry, settings, locations, database, new SimpleMeterRegistry(), RunTracing.NONE);
            Pipelines none = Pipelines.read(List.of());
            bindWatching(context, settings, none, locations, database, new SimpleMeterRegistry());
            RunBeans.bindMetrics(context, none, new SimpleMeterRegistry());
            bindFetching(context, settings, none, locations, database, new SimpleMeterRegistry());
            bindStreams(context, settings, none, locations, database, aws, new SimpleMeterRegistry())
                    .close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The pool, which is not made here.
        classes.put("database", DataSource.class);
        return classes;
    }
}
