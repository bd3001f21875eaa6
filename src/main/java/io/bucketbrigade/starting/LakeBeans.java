package io.bucketbrigade.starting;

import io.bucketbrigade.lake.Lake;
import io.bucketbrigade.lake.LakeCache;
import io.bucketbrigade.lake.LakePlaces;
import io.bucketbrigade.lake.LakeQueries;
import io.bucketbrigade.lake.LakeUpkeep;
import io.bucketbrigade.lake.LostTables;
import io.bucketbrigade.quality.Quality;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/** Beans that make the tables of lakes, and answer questions about them. DuckDB's library is loaded when one of them is first used. */
final class LakeBeans {
    private LakeBeans() {}

    /** All of them. */
    static void bind(
            Registry registry, Settings settings, Pipelines pipelines, Locations locations, DataSource database) {
        LakeUpkeep upkeep = new LakeUpkeep(
                locations,
                database,
                settings.duration("brigade.lake.snapshots.kept"),
                settings.duration("brigade.lake.files.kept"),
                InstantSource.system());
        registry.bind("lakeUpkeep", upkeep);
        LakePlaces places = new LakePlaces(() -> pipelines, new PipelineSettings(settings), locations);
        registry.bind("lakePlaces", places);
        registry.bind("lostTables", new LostTables(places, database));
        LakeCache cache = cache(settings);
        bindLake(registry, settings, locations, database, cache, upkeep);
        registry.bind(
                "lakeQueries",
                new LakeQueries(
                        () -> pipelines,
                        new PipelineSettings(settings),
                        locations,
                        database,
                        new LakeQueries.Limits(
                                settings.bytes("brigade.lake.queries.memory"),
                                Beans.countingThreads(settings),
                                settings.duration("brigade.lake.queries.time"),
                                settings.number("brigade.lake.queries.at.once"),
                                temporary(settings)),
                        cache));
    }

    /** Those that plans need, which write nothing that stays. */
    static void bindForPlans(Registry registry, Settings settings, Locations locations) {
        bindLake(registry, settings, locations, null, cache(settings), null);
    }

    private static void bindLake(
            Registry registry,
            Settings settings,
            Locations locations,
            @Nullable DataSource database,
            LakeCache cache,
            @Nullable LakeUpkeep upkeep) {
        registry.bind(
                "lake",
                new Lake(
                        locations,
                        database,
                        new PipelineSettings(settings),
                        new Lake.Limits(
                                settings.bytes("brigade.lake.memory"),
                                Beans.countingThreads(settings),
                                temporary(settings)),
                        cache,
                        upkeep));
        registry.bind("quality", new Quality(Clock.systemUTC()));
    }

    private static LakeCache cache(Settings settings) {
        return new LakeCache(settings.path("brigade.data").resolve("lake-cache"), settings.bytes("brigade.lake.cache"));
    }

    private static Path temporary(Settings settings) {
        return settings.path("brigade.data").resolve("tmp");
    }
}
