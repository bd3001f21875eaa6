package io.bucketbrigade.streams;

import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.registry.RowStream.Archive;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Which streams may not take rows in this database. */
final class Refusals {
    private final LogSegments segments;
    private final PipelineSettings settings;
    private final Locations locations;

    Refusals(LogSegments segments, PipelineSettings settings, Locations locations) {
        this.segments = segments;
        this.settings = settings;
        this.locations = locations;
    }

    /**
     * Why a stream may not take rows: a database without rows would write over the archive of another one, and one that is being rebuilt does not
     * know which rows are repeated. Null if it may.
     *
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if the archive can't be read
     */
    @Nullable
    String of(String pipeline, RowStream definition) throws SQLException, IOException {
        if (segments.isRestoring(pipeline)) {
            return "The stream " + pipeline
                    + " is being rebuilt from its archive, so it accepts no rows. Start the service again when that is done. If it was"
                    + " interrupted, call ./brigade rebuild " + pipeline + " --empty.";
        }
        Archive archive = definition.archive();
        if (archive == null || !segments.isNew(pipeline)) {
            return null;
        }
        String place = settings.place(archive);
        return StreamRestore.isArchive(locations.of(place))
                ? "The stream " + pipeline + " has no rows in this database, but its archive " + place
                        + " has some, so it accepts none. Stop the service and call ./brigade rebuild " + pipeline
                        + ", or name another folder or bucket for the archive."
                : null;
    }
}
