package io.bucketbrigade.support;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Exports;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Publication;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.runs.RunMetrics;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.ObjectStore;
import io.bucketbrigade.storage.TemporaryFiles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.camel.impl.DefaultCamelContext;

/** Locations where no bucket is used. */
public final class TestLocations {
    public static final Locations FOLDERS =
            new Locations(new ObjectStore(new DefaultCamelContext(), 1), new TemporaryFiles(Path.of("target/tmp")));

    private TestLocations() {}

    /** What makes results visible in that database, with files in folders. */
    public static Publication publication(Database database, Ledger ledger) {
        Degradations degradations = new Degradations(InstantSource.system());
        return new Publication(
                database.pool(),
                ledger,
                new Exports(database.pool(), ledger, FOLDERS, degradations),
                endings(ledger, degradations));
    }

    /** What ends runs, with files in folders. */
    public static RunEndings endings(Ledger ledger, Degradations degradations) {
        return new RunEndings(ledger, new RunMetrics(new SimpleMeterRegistry()), FOLDERS, degradations);
    }
}
