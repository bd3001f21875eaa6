package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.registry.RowStream.Archive;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Puts the rows of a stream's archive back into its log; the readers then fill their tables once more. */
public final class Rebuild {
    private final PipelineSettings settings;
    private final Locations locations;
    private final DataSource database;

    public Rebuild(PipelineSettings settings, Locations locations, DataSource database) {
        this.settings = settings;
        this.locations = locations;
        this.database = database;
    }

    /**
     * What may be lost.
     *
     * @param tables whether the tables that readers fill are emptied first; otherwise they must be empty
     * @param files whether the rows of files that were loaded and are no longer there are given up
     */
    public record GivenUp(boolean tables, boolean files) {}

    /**
     * What is in the log.
     *
     * @param rows how many rows the archive has
     * @param files what becomes of the rows of files, in sentences
     */
    public record Restored(long rows, List<String> files) {}

    /**
     * Does it. Until {@link Streams#endRebuild}, no file is loaded.
     *
     * @throws Problem if there is no archive, it is not whole, a table is not empty, or a file that was loaded is no longer there
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if the archive or a file can't be read
     */
    public Restored restore(Pipeline pipeline, GivenUp givenUp) throws SQLException, IOException {
        RowStream definition = pipeline.definition().stream();
        Archive archive = definition == null ? null : definition.archive();
        if (definition == null || archive == null) {
            throw new Problem(
                    Kind.USAGE,
                    "The pipeline " + pipeline.name() + " has no stream with an archive, so nothing can be rebuilt.");
        }
        new LogSegments(database, settings).create(pipeline.name(), definition);
        Location archived = locations.of(settings.place(archive));
        StreamRestore restore = new StreamRestore(database, pipeline.name(), archived, definition.tables());
        restore.check(givenUp.tables());
        LoadedFiles files = LoadedFiles.of(database, pipeline.name());
        InputFiles inputs = pipeline.definition().inputs();
        if (definition.lines() == null || inputs == null) {
            long rows = restore.restore(givenUp.tables(), files);
            takeOver(archived, pipeline.name());
            return new Restored(rows, List.of());
        }
        String place = locations.of(settings.place(inputs)).name();
        int there = files.lookIn(locations.of(settings.place(inputs)), inputs);
        if (!givenUp.files()) {
            files.requireAll(place);
        }
        long rows = restore.restore(givenUp.tables(), files);
        takeOver(archived, pipeline.name());
        return new Restored(rows, files.outcome(place, there));
    }

    /** From now on, the log of this database writes there, and that of the lost one no longer does. */
    private void takeOver(Location archived, String stream) throws SQLException, IOException {
        StreamLog log = new StreamLog(database, stream);
        log.identify();
        new ArchiveOwner(archived).take(log.identity());
    }
}
