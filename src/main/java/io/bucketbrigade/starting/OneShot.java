package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.watching.ClaimComponent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
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
        } else {
            Beans.bindRuns(registry, settings, locations, database, new SimpleMeterRegistry());
            Beans.bindWatching(context, settings, Beans.pipelines(settings, pipeline), locations, database.pool());
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
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange answer = template.request(endpoint, exchange -> {
                exchange.getMessage().setBody(body);
                variables.forEach(exchange::setVariable);
            });
            if (answer.getException() != null) {
                throw answer.getException();
            }
            return answer.getMessage().getBody();
        }
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
        counting.shutdownNow();
        aws.close();
    }
}
