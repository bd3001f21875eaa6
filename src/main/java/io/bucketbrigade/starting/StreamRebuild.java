package io.bucketbrigade.starting;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.streams.Rebuild;
import io.bucketbrigade.streams.Rebuild.GivenUp;
import io.bucketbrigade.streams.Rebuild.Restored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts the rows of a stream's archive back into its log, before the service runs: no row may arrive meanwhile. */
public final class StreamRebuild {
    private StreamRebuild() {}

    /**
     * Restores the log.
     *
     * @throws io.bucketbrigade.problems.Problem if there is no archive, it is not whole, something is where its rows belong, or a file that was
     *     loaded is no longer there
     * @throws Exception if the database, the archive or a file can't be reached
     */
    public static Restored restore(Settings settings, String pipeline, GivenUp givenUp) throws Exception {
        Pipeline found = Beans.pipelines(settings, "").get(pipeline);
        PipelineSettings named = new PipelineSettings(settings);
        RowStream stream = found.definition().stream();
        InputFiles inputs = found.definition().inputs();
        List<String> places = new ArrayList<>();
        if (stream != null && stream.archive() != null) {
            places.add(named.place(stream.archive()));
        }
        if (inputs != null) {
            places.add(named.place(inputs));
        }
        BrigadeService.makeDataFolder(settings.path("brigade.data"));
        try (OneShot camel = new OneShot(settings, "", List.of(), places, null);
                Database database = BrigadeService.openDatabase(settings)) {
            database.migrate(settings.routeFolders());
            if (stream != null && stream.beforeRebuild() != null) {
                requireEmpty(settings, pipeline, stream.beforeRebuild(), database);
            }
            return new Rebuild(named, camel.locations(), database.pool()).restore(found, givenUp);
        }
    }

    private static void requireEmpty(Settings settings, String pipeline, String route, Database database)
            throws Exception {
        try (OneShot camel = new OneShot(settings, pipeline, List.of(route), List.of(), database)) {
            camel.call("direct:" + route, "", Map.of());
        }
    }
}
