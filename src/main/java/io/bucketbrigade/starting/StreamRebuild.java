package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.streams.StreamMetrics;
import io.bucketbrigade.streams.Streams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Puts the rows of a stream's archive back into its log, before the service runs: no row may arrive meanwhile. */
public final class StreamRebuild {
    private StreamRebuild() {}

    /**
     * Restores the log.
     *
     * @param emptying whether the tables that readers fill are emptied first; otherwise they must be empty
     * @return how many rows the archive has
     * @throws io.bucketbrigade.problems.Problem if there is no archive, it is not whole, or something is where its rows belong
     * @throws Exception if the database or the archive can't be reached
     */
    public static long restore(Settings settings, String pipeline, boolean emptying) throws Exception {
        Pipelines pipelines = Beans.pipelines(settings, "");
        Pipeline found = pipelines.get(pipeline);
        PipelineSettings named = new PipelineSettings(settings);
        RowStream stream = found.definition().stream();
        List<String> places =
                stream == null || stream.archive() == null ? List.of() : List.of(named.place(stream.archive()));
        BrigadeService.makeDataFolder(settings.path("brigade.data"));
        try (OneShot camel = new OneShot(settings, "", List.of(), places, null);
                Database database = BrigadeService.openDatabase(settings)) {
            database.migrate(settings.routeFolders());
            if (stream != null && stream.beforeRebuild() != null) {
                requireEmpty(settings, pipeline, stream.beforeRebuild(), database);
            }
            StreamMetrics metrics =
                    new StreamMetrics(new SimpleMeterRegistry(), new Degradations(InstantSource.system()));
            try (AwsClients aws = new AwsClients(() -> AwsSettings.of(settings));
                    Streams streams = new Streams(
                            pipelines,
                            named,
                            camel.locations(),
                            database.pool(),
                            settings.duration("brigade.lease"),
                            new Buffers(settings, aws),
                            metrics)) {
                return streams.restore(pipeline, emptying);
            }
        }
    }

    private static void requireEmpty(Settings settings, String pipeline, String route, Database database)
            throws Exception {
        try (OneShot camel = new OneShot(settings, pipeline, List.of(route), List.of(), database)) {
            camel.call("direct:" + route, "", Map.of());
        }
    }
}
