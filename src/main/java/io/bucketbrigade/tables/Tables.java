package io.bucketbrigade.tables;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.tables.SnapshotTables.DroppedConstraints;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The files of a pipeline in the tables that its pipeline.yaml maps them to: steps of a run, which routes call by name. A run reads and
 * checks all files before it changes anything, then replaces all tables in its transaction.
 */
public final class Tables {
    private final PipelineSettings settings;
    private final Locations locations;
    private final @Nullable DataSource database;
    private final SnapshotTables snapshot = new SnapshotTables();

    /** @param database where the tables are; null where plans are made without it */
    public Tables(PipelineSettings settings, Locations locations, @Nullable DataSource database) {
        this.settings = settings;
        this.locations = locations;
        this.database = database;
    }

    /**
     * Reads the files one after the other, rejects the rows that can't be accepted, and counts them.
     *
     * @throws io.bucketbrigade.csv.CsvException if a file can't be read as CSV, or is missing a column
     * @throws io.bucketbrigade.runs.TooManyRejected if too many rows of a file were rejected
     * @throws SQLException if the database can't answer
     * @throws IOException if reading or writing failed
     */
    public void read(Work work) throws IOException, SQLException {
        requireAll(work);
        TableReader reader = reader(work.pipeline());
        Reading reading = work.closing(work.keep(reader.begin(work.inputs(), work.isRehearsal())));
        if (database != null) {
            new KnownRows(database).load(reading);
        }
        for (TableMapping mapping : reading.mappings()) {
            reader.read(reading, mapping);
        }
        work.setRowCounts(TableReader.rowCounts(reading));
        reader.limitRejected(reading);
    }

    /**
     * Replaces the tables by what was read, in the run's transaction.
     *
     * @throws Problem if something of the user's depends on the tables
     * @throws SQLException if the database refuses
     * @throws IOException if rows can't be read
     */
    public void replace(Work work) throws SQLException, IOException {
        load(work);
        restoreConstraints(work);
    }

    /**
     * Replaces the tables by what was read, without their keys and foreign keys: until {@link #restoreConstraints}, further steps may add
     * rows that others refer to.
     *
     * @throws Problem if something of the user's depends on the tables
     * @throws SQLException if the database refuses
     * @throws IOException if rows can't be read
     */
    public void load(Work work) throws SQLException, IOException {
        work.keep(snapshot.load(work.transaction(), work.kept(Reading.class)));
    }

    /**
     * Adds keys and foreign keys again, as they were before {@link #load}.
     *
     * @throws SQLException if rows contradict them
     * @throws IOException if the connection breaks
     */
    public void restoreConstraints(Work work) throws SQLException, IOException {
        snapshot.restore(work.transaction(), work.kept(DroppedConstraints.class));
    }

    /** A marker or a schedule may start a run before its inputs are there. */
    private void requireAll(Work work) throws IOException {
        InputFiles files = files(work.pipeline());
        Set<String> there = work.inputs().names();
        for (InputFile file : files.files()) {
            if (!file.optional() && there.stream().noneMatch(file::matches)) {
                throw new Problem(
                        Kind.INPUT,
                        file.title() + " is missing in "
                                + locations.of(settings.place(files)).name() + ".");
            }
        }
    }

    private static InputFiles files(Pipeline pipeline) {
        InputFiles inputs = pipeline.definition().inputs();
        if (inputs == null) {
            throw new Problem(Kind.USAGE, pipeline.file() + " does not name its inputs, but a route reads them.");
        }
        return inputs;
    }

    private TableReader reader(Pipeline pipeline) {
        InputFiles inputs = files(pipeline);
        return new TableReader(locations, settings.maxRejected(pipeline, inputs), inputs);
    }
}
