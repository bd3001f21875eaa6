package io.bucketbrigade.support;

import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.ObjectStore;
import io.bucketbrigade.storage.TemporaryFiles;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;

/** Locations where no bucket is used. */
public final class TestLocations {
    public static final Locations FOLDERS =
            new Locations(new ObjectStore(new DefaultCamelContext(), 1), new TemporaryFiles(Path.of("target/tmp")));

    private TestLocations() {}
}
