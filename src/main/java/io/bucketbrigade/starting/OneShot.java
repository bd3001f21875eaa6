package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.storage.Locations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/** A context with only the routes that a command needs: no HTTP, and of the timers at most the one that renews leases. */
public final class OneShot implements AutoCloseable {
    private static final List<String> BUCKET_ROUTES = List.of(
            "shared/inner-steps.camel.yaml",
            "shared/s3-list.camel.yaml",
            "shared/s3-read.camel.yaml",
            "shared/s3-write.camel.yaml",
            "shared/s3-write-arriving.camel.yaml");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ExecutorService counting;
    private final AwsClients aws;
    private final Locations locations;

    /** The routes, and those to S3 where one of the places lies there. */
    public static List<String> withBuckets(List<String> routes, String... places) {
        return Stream.of(places).noneMatch(Locations::isBucket)
                ? routes
                : Stream.concat(routes.stream(), BUCKET_ROUTES.stream())
                        .distinct()
                        .toList();
    }

    /**
     * Starts it.
     *
     * @param routes the route files, below routes/
     * @param database the database, if the routes need one
     * @throws Exception if it can't be started, also because a setting that belongs to these routes or to none can't be used
     */
    public OneShot(Settings settings, List<String> routes, @Nullable Database database) throws Exception {
        SettingsCheck.require(settings, routes.stream().map(OneShot::folder).toList());
        Parts.useOnlySettings(context);
        Properties properties = Parts.properties(settings);
        if (database != null) {
            properties.setProperty("brigade.database.schema", database.schema());
        }
        context.getRegistry().bind("pipelines", Pipelines.class, () -> Parts.pipelines(settings));
        context.getPropertiesComponent().setOverrideProperties(properties);
        context.setStreamCaching(false);
        aws = new AwsClients(settings);
        locations = Parts.bindLocations(context, settings, aws);
        counting = Parts.bindCounting(context.getRegistry(), settings);
        if (database != null) {
            Parts.bindRuns(context.getRegistry(), settings, locations, database, new SimpleMeterRegistry());
        }
        List<Resource> files = new ArrayList<>();
        for (String route : routes) {
            Path file = settings.home().resolve("routes").resolve(route);
            files.add(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
        }
        PluginHelper.getRoutesLoader(context).loadRoutes(files);
        context.start();
    }

    private static String folder(String route) {
        return route.substring(0, route.indexOf('/'));
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
     * What looks whether the service could be started with these settings.
     *
     * @param wrong the settings that can't be used, and have their defaults here
     */
    public Checkup checkup(Settings settings, Set<String> wrong) {
        return new Checkup(settings, wrong, locations, aws);
    }

    /** Where files lie. */
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
