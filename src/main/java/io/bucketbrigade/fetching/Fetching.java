package io.bucketbrigade.fetching;

import io.bucketbrigade.fetching.FetchedTable.Held;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Fetches files into a folder or bucket; a step of routes. A file is put in place when it is whole and can be what it should be. One that is
 * not new is not fetched again, and one that broke off goes on from there, also in a later process.
 */
public final class Fetching {
    private static final String FOLDER = "fetching";

    private final Settings settings;
    private final Supplier<Pipelines> pipelines;
    private final Locations locations;
    private final FetchedTable table;
    private final FetchMetrics metrics;
    private final Supplier<FetchLimits> limits;
    private final Set<FetchCall> current = ConcurrentHashMap.newKeySet();

    public Fetching(
            Settings settings,
            Supplier<Pipelines> pipelines,
            Locations locations,
            DataSource database,
            Degradations degradations,
            MeterRegistry meters) {
        this(
                settings,
                pipelines,
                locations,
                database,
                new FetchMetrics(meters, degradations),
                () -> FetchLimits.of(settings));
    }

    Fetching(
            Settings settings,
            Supplier<Pipelines> pipelines,
            Locations locations,
            DataSource database,
            FetchMetrics metrics,
            Supplier<FetchLimits> limits) {
        this.settings = settings;
        this.pipelines = pipelines;
        this.locations = locations;
        this.table = new FetchedTable(database, settings.duration("brigade.lease"));
        this.metrics = metrics;
        this.limits = limits;
    }

    /**
     * Fetches what is new. A source that fails keeps no other from being fetched; health says so until it works.
     *
     * @param sources the setting that names the sources, such as tides.sources; its kind is {@link FetchSources}
     * @param location the setting that names the folder or bucket
     * @return what became of each source, in the order in which they are named
     * @throws Problem if a setting can't be used
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if the HTTP client can't be closed
     * @throws InterruptedException if the caller is interrupted; what has arrived is kept
     */
    public List<FetchOutcome> fetch(String sources, String location)
            throws SQLException, IOException, InterruptedException {
        List<FetchSource> named = FetchSources.parse(settings.name(sources), text(sources)).stream()
                .map(source -> source.orBelow(settings.home()))
                .toList();
        String place = text(location);
        for (String forgotten : table.forgetOthers(
                sources, named.stream().map(FetchSource::name).toList())) {
            metrics.forgotten(sources, forgotten);
        }
        if (named.isEmpty()) {
            return List.of();
        }
        FetchCall call = new FetchCall(
                table, limits.get(), locations, FilePaths.in(settings.path("brigade.data"), FOLDER), metrics);
        current.add(call);
        try {
            String pipeline = settings.pipelineOf(sources).orElse(sources);
            return call.fetch(named.stream()
                    .map(source -> new Held(
                            pipeline,
                            sources,
                            source,
                            columns(pipeline, location, source.name()),
                            place,
                            UUID.randomUUID().toString()))
                    .toList());
        } finally {
            current.remove(call);
        }
    }

    /**
     * Whether it is time to fetch without being asked: nobody has begun to fetch anything of these sources for so long, in any process.
     *
     * @param sources the setting that names the sources
     * @param every the setting that says how often; where it is blank, it is never time
     * @throws Problem if a setting can't be used
     * @throws SQLException if the database refuses, or is away
     */
    public boolean isDue(String sources, String every) throws SQLException {
        return !text(every).isEmpty()
                && !text(sources).isEmpty()
                && !table.isBegunWithin(sources, settings.duration(every));
    }

    /** The columns that a file must have, if it is fetched into the place where the pipeline reads its inputs. */
    private List<String> columns(String pipeline, String location, String name) {
        return pipelines
                .get()
                .find(pipeline)
                .map(found -> found.definition().inputs())
                .filter(inputs -> inputs.location().equals(location))
                .flatMap(inputs -> inputs.find(name))
                .map(InputFile::columns)
                .orElse(List.of());
    }

    private String text(String setting) {
        if (!settings.values().containsKey(setting)) {
            throw new Problem(
                    Kind.PIPELINE,
                    "There is no setting " + setting + " that says what is fetched, where to, or how often"
                            + Suggestion.of(setting, settings.values().keySet()));
        }
        return settings.text(setting);
    }

    /**
     * Lets go what processes that died were fetching. Only for a database that no other process uses.
     *
     * @return how many sources that were
     * @throws SQLException if the database refuses, or is away
     */
    public int releaseOrphans() throws SQLException {
        return table.releaseAll();
    }

    /** Ends what is under way, which may take far longer than anybody waits for the end of a service. The next call goes on with it. */
    public void breakOff() {
        current.forEach(FetchCall::stop);
    }
}
