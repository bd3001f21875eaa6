package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.streams.StreamComponent;
import io.bucketbrigade.streams.Streams;
import io.bucketbrigade.tracing.Traces;
import io.bucketbrigade.watching.ClaimComponent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** A context with only the routes that a command needs: no HTTP, and of the timers at most the one that renews leases. */
public final class OneShot implements AutoCloseable {
    private static final List<String> BUCKET_ROUTES = List.of("s3-list", "s3-read", "s3-write", "s3-write-arriving");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ExecutorService counting;
    private final AwsClients aws;
    private final Locations locations;
    private final @Nullable Streams streams;
    private final Traces traces;

    /**
     * Starts it.
     *
     * @param pipeline whose routes are called; blank if none of any pipeline is
     * @param routes the routes that are needed, by their ids; those that they lead to come with them
     * @param places where files are; the routes to S3 are added where one of them is in a bucket
     * @param database the database, if the routes need one
     * @throws Exception if it can't be started, also because a setting that belongs to the pipeline or to none can't be used
     */
    public OneShot(
            Settings settings,
            String pipeline,
            List<String> routes,
            Collection<String> places,
            @Nullable Database database)
            throws Exception {
        SettingsCheck.require(settings, List.of(pipeline));
        Beans.nameFailedSteps(context, settings);
        Beans.useOnlySettings(context);
        traces = database == null ? Traces.NONE : Traces.of(settings);
        traces.follow(context);
        Properties properties = Beans.properties(settings);
        if (database != null) {
            properties.setProperty("brigade.database.schema", database.schema());
        }
        context.getPropertiesComponent().setOverrideProperties(properties);
        context.setStreamCaching(false);
        aws = new AwsClients(() -> AwsSettings.of(settings));
        locations = Beans.bindLocations(context, settings, aws);
        Registry registry = context.getRegistry();
        counting = Beans.bindCounting(registry, settings);
        if (database == null) {
            Beans.bindPipelines(
                    registry,
                    new PipelineSettings(settings),
                    () -> Beans.pipelines(settings, pipeline),
                    locations,
                    null);
            LakeBeans.bindForPlans(registry, settings, locations);
            streams = null;
        } else {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            Pipelines pipelines = Beans.pipelines(settings, pipeline);
            RunBeans.bindRuns(registry, settings, locations, database.pool(), meters, traces.runs());
            Beans.bindWatching(context, settings, pipelines, locations, database.pool(), meters);
            Beans.bindFetching(context, settings, pipelines, locations, database.pool(), meters);
            streams = Beans.bindStreams(context, settings, pipelines, locations, database.pool(), aws, meters);
        }
        List<String> needed = new ArrayList<>(routes);
        if (places.stream().anyMatch(Locations::isBucket)) {
            needed.addAll(BUCKET_ROUTES);
        }
        List<Resource> files = new ArrayList<>();
        for (Path file : RouteFiles.needed(folders(settings, pipeline), needed)) {
            files.add(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
        }
        PluginHelper.getRoutesLoader(context).loadRoutes(files);
        context.start();
    }

    /**
     * Checks that a route gets the runs of a pipeline, if files start them.
     *
     * @throws Problem if there is none
     * @throws IOException if a route file can't be read
     */
    public static void requireRoute(Settings settings, Pipeline pipeline) throws IOException {
        List<String> claim = List.of(ClaimComponent.SCHEME + ":" + pipeline.name());
        if (pipeline.definition().inputs() != null
                && RouteFiles.needed(settings.routeFolders(), claim).isEmpty()) {
            throw ClaimComponent.withoutRoute(pipeline);
        }
    }

    /**
     * Checks that a route gets the rows of a pipeline's stream.
     *
     * @throws Problem if there is none
     */
    public static void requireReader(Settings settings, Pipeline pipeline) {
        String stream = StreamComponent.SCHEME + ":" + pipeline.name();
        if (RouteFiles.needed(settings.routeFolders(), List.of(stream)).isEmpty()) {
            throw new Problem(
                    Problem.Kind.PIPELINE,
                    pipeline.file() + ": the pipeline has a stream, but no route begins with " + stream
                            + "?reader=NAME, so nothing would become of its rows. Add one.");
        }
    }

    /** The pipeline's folder, and those of routes that belong to none. */
    private static List<Path> folders(Settings settings, String pipeline) {
        List<Path> folders = new ArrayList<>();
        for (Path root : settings.routeFolders()) {
            folders.add(root.resolve("shared"));
            Pipelines.folders(root).stream()
                    .filter(folder -> folder.endsWith(pipeline))
                    .forEach(folders::add);
        }
        folders.removeIf(folder -> !Files.isDirectory(folder));
        return folders;
    }

    /**
     * Sends one message through a route.
     *
     * @param variables what the route expects to find
     * @return the body that comes out
     * @throws Exception whatever made the route fail
     */
    public Object call(String endpoint, Object body, Map<String, Object> variables) throws Exception {
        return request(endpoint, exchange -> {
            exchange.getMessage().setBody(body);
            variables.forEach(exchange::setVariable);
        });
    }

    private Object request(String endpoint, Processor message) throws Exception {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange answer = template.request(endpoint, message);
            if (answer.getException() != null) {
                throw answer.getException();
            }
            return answer.getMessage().getBody();
        }
    }

    /**
     * Stores rows in the stream of a pipeline.
     *
     * @param headers as in a call of the service
     * @param rows a JSON array
     * @return what became of them
     * @throws Exception whatever makes it fail
     */
    public Object send(String pipeline, Map<String, Object> headers, byte[] rows) throws Exception {
        return request(StreamComponent.SCHEME + ":" + pipeline, exchange -> {
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            exchange.getMessage().setBody(rows);
        });
    }

    /**
     * How many rows the reader of a pipeline's stream that is farthest behind has not dealt with.
     *
     * @throws SQLException if the database refuses, or is away
     */
    public long behind(String pipeline) throws SQLException {
        return streams == null ? 0 : streams.behind(pipeline);
    }

    /** Why routes that begin by themselves, such as the readers of a stream, can't go on, in sentences. */
    public Collection<String> degradations() {
        return context.getRegistry()
                .lookupByNameAndType("degradations", Degradations.class)
                .current()
                .values();
    }

    /**
     * What checks whether the service could be started with these settings.
     *
     * @param wrong the settings that can't be used, and have their defaults here
     */
    public Checkup checkup(Settings settings, Set<String> wrong) {
        return new Checkup(settings, wrong, locations, aws);
    }

    /** Where files are. */
    public Locations locations() {
        return locations;
    }

    @Override
    public void close() {
        context.stop();
        if (streams != null) {
            streams.close();
        }
        counting.shutdownNow();
        aws.close();
        traces.close();
    }
}
