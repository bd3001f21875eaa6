package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Steps of a run whose results are tables of a lake: Parquet files in the folder of its results, catalogued by Iceberg. */
public final class Lake {
    /**
     * What a run may take.
     *
     * @param memoryBytes the most that DuckDB's buffers may hold
     * @param threads how many threads DuckDB may use
     * @param spill the folder for what does not fit into its memory
     */
    public record Limits(long memoryBytes, int threads, Path spill) {}

    /** The setting that limits DuckDB's memory in runs. */
    static final String MEMORY = "BRIGADE_LAKE_MEMORY";

    private final Locations locations;
    private final @Nullable DataSource database;
    private final PipelineSettings settings;
    private final Limits limits;
    private final LakeCache cache;
    private final @Nullable LakeUpkeep upkeep;

    /**
     * @param database where the catalog is; null where plans are made without it
     * @param limits what each run may take
     * @param cache where files of lakes in buckets are kept
     * @param upkeep what lets old snapshots expire; null where plans are made
     */
    public Lake(
            Locations locations,
            @Nullable DataSource database,
            PipelineSettings settings,
            Limits limits,
            LakeCache cache,
            @Nullable LakeUpkeep upkeep) {
        this.upkeep = upkeep;
        this.locations = locations;
        this.database = database;
        this.settings = settings;
        this.limits = limits;
        this.cache = cache;
    }

    /**
     * Begins to work on the tables of the work's pipeline. What is only to be seen is worked out in a folder that is removed afterwards.
     *
     * @throws SQLException if DuckDB can't be started
     * @throws IOException if the folder of its results can't be made
     */
    public void open(Work work) throws SQLException, IOException {
        String place = work.resultFolder();
        if (work.isRehearsal()) {
            Path folder = Files.createTempDirectory(Files.createDirectories(limits.spill()), "brigade-");
            work.closing(() -> TemporaryFolder.remove(folder));
            place = folder.toString();
        }
        locations.of(place).makeReady();
        DuckSession duck = DuckSession.open(limits);
        work.onStop(duck::cancel);
        work.keep(work.closing(new LakeRun(
                work.pipeline().name(),
                work.id(),
                work.isRehearsal() ? null : database,
                new LakeFiles(locations, place, cache),
                duck)));
    }

    /**
     * Limits what the run writes and what the lake holds, both as files on the disk or in the bucket. Snapshots whose time has come expire now, so that they don't count for
     * ever.
     *
     * @param written the setting that says how many bytes the run may write
     * @param kept the setting that says how many bytes the lake may hold
     * @throws SQLException if the database refuses
     * @throws IOException if the files of the lake can't be listed
     */
    public void limit(Work work, String written, String kept) throws SQLException, IOException {
        LakeFiles files = new LakeFiles(locations, work.resultFolder());
        String pipeline = work.pipeline().name();
        LakeBudget.Limit most = limit(kept);
        long there = 0;
        if (most != null) {
            InTransaction.run(Objects.requireNonNull(database), connection -> Objects.requireNonNull(upkeep)
                    .expire(connection, pipeline, files));
            there = files.size(TableName.namespaceOf(pipeline));
        }
        work.kept(LakeRun.class).limit(new LakeBudget(limit(written), most, there));
    }

    private LakeBudget.@Nullable Limit limit(String setting) {
        OptionalLong bytes = settings.bytes(setting);
        return bytes.isPresent() ? new LakeBudget.Limit(Settings.variable(setting), bytes.getAsLong()) : null;
    }

    private static void begin(Work work) {
        costs(work).begin(work.run().bytesRead().sum());
    }

    private static void end(Work work, String step) {
        costs(work).end(step, work.run().bytesRead().sum());
    }

    private static LakeCosts costs(Work work) {
        return work.kept(LakeRun.class).duck().costs();
    }

    /**
     * Makes two tables the content of the work's inputs, as it came: one of rows, and one of what can't be a row.
     *
     * @throws io.bucketbrigade.csv.CsvException if a file can't be read as CSV, or is missing a column
     * @throws Problem if a table can't be read or written
     * @throws SQLException if the database refuses
     * @throws IOException if a file can't be read or written
     */
    public void read(Work work, String rows, String rejects) throws SQLException, IOException {
        begin(work);
        try {
            LakeRun lake = work.kept(LakeRun.class);
            new RawTables(lake, locations, files(work), rows, rejects, NumberedFiles.FIRST_PIECE).read(work.inputs());
        } catch (SQLException e) {
            requireDuck(e);
            throw DuckProblem.of(e, rows, MEMORY);
        }
        end(work, "read " + rows + ", " + rejects);
    }

    private static InputFiles files(Work work) {
        InputFiles files = work.pipeline().definition().inputs();
        if (files == null) {
            throw new Problem(
                    Kind.PIPELINE, work.pipeline().file() + " does not name its inputs, but a route reads them.");
        }
        return files;
    }

    /**
     * Does what a file says, such as to make macros.
     *
     * @param sqlFile statements, each ended by a semicolon at the end of a line
     * @throws Problem if one is wrong
     */
    public void execute(Work work, String sqlFile) {
        LakeRun lake = work.kept(LakeRun.class);
        String text = TextFile.read(FilePaths.of(sqlFile));
        lake.define(text);
        for (String statement : DuckSession.statements(text)) {
            asking(sqlFile, () -> lake.duck().execute(statement));
        }
    }

    /**
     * Makes a query known under a name; nothing is written.
     *
     * @param sqlFile the query
     * @throws Problem if it is wrong
     */
    public void view(Work work, String name, String sqlFile) {
        define(work, "VIEW", name, sqlFile);
    }

    /**
     * Keeps what a query finds under a name, for this run only.
     *
     * @param sqlFile the query
     * @throws Problem if it is wrong
     */
    public void compute(Work work, String name, String sqlFile) {
        begin(work);
        costs(work).add(define(work, "TEMP TABLE", name, sqlFile), 0);
        end(work, "compute " + name);
    }

    private static long define(Work work, String kind, String name, String sqlFile) {
        LakeRun lake = work.kept(LakeRun.class);
        String query = query(sqlFile);
        lake.define(query);
        return asking(
                sqlFile, () -> lake.duck().execute("CREATE " + kind + " " + DuckSession.name(name) + " AS " + query));
    }

    private static String query(String sqlFile) {
        return TextFile.read(FilePaths.of(sqlFile)).strip().replaceFirst(";$", "");
    }

    /** What may fail because a file with SQL is wrong. */
    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws SQLException;
    }

    private static <T> T asking(String sqlFile, Asking<T> asking) {
        try {
            return asking.ask();
        } catch (SQLException e) {
            throw DuckProblem.of(e, FilePaths.of(sqlFile), MEMORY);
        }
    }

    /** What PostgreSQL says goes on as it is; only its errors have a state. */
    private static void requireDuck(SQLException failure) throws SQLException {
        if (failure.getSQLState() != null) {
            throw failure;
        }
    }

    /**
     * Makes a function of a table of regular expressions: it gives the reason of the first one that a text has a match for, whatever the letter case, and NULL
     * if it has none.
     *
     * @param csvFile with the columns pattern and reason; patterns are those of RE2
     * @throws Problem if a pattern is wrong
     */
    public void choice(Work work, String name, String csvFile) {
        LakeRun lake = work.kept(LakeRun.class);
        lake.define(TextFile.read(FilePaths.of(csvFile)));
        asking(csvFile, () -> lake.duck()
                .execute("CREATE MACRO " + DuckSession.name(name) + "(text) AS CASE" + cases(lake.duck(), csvFile)
                        + " END"));
    }

    private static String cases(DuckSession duck, String csvFile) throws SQLException {
        return duck.ask(
                "SELECT pattern, reason FROM read_csv(" + DuckSession.quoted(csvFile)
                        + ", header = true, delim = ',', all_varchar = true, parallel = false)",
                rows -> {
                    StringBuilder cases = new StringBuilder();
                    while (rows.next()) {
                        cases.append(" WHEN regexp_matches(text, ")
                                .append(DuckSession.quoted(rows.getString(1)))
                                .append(", 'is') THEN ")
                                .append(DuckSession.quoted(rows.getString(2)));
                    }
                    return cases.toString();
                });
    }

    /**
     * Shows what a table had when the run began: nothing, if it was made by other SQL than what makes it now.
     *
     * @param view the name under which it is known
     * @param table the table
     * @param columns what is shown of it, such as {@code 'id BIGINT, year INTEGER'}
     * @param sqlFile the query that makes the table now ({@link #update})
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    public void before(Work work, String view, String table, String columns, String sqlFile)
            throws SQLException, IOException {
        try {
            work.kept(LakeRun.class).showBefore(view, table, list(columns), query(sqlFile));
        } catch (SQLException e) {
            requireDuck(e);
            throw DuckProblem.of(e, FilePaths.of(sqlFile), MEMORY);
        }
    }

    /**
     * Writes some partitions of a table again; all of them, if it was made by other SQL than what makes it now.
     *
     * @param sqlFile the query for the rows of these partitions
     * @param partition the columns by which the table is partitioned, separated by commas
     * @param changed what has a row for each of these partitions, with those columns
     * @throws Problem if the query is wrong
     * @throws SQLException if the database refuses
     * @throws IOException if a file can't be read or written
     */
    public void update(Work work, String table, String sqlFile, String partition, String changed)
            throws SQLException, IOException {
        begin(work);
        try {
            work.kept(LakeRun.class).update(table, query(sqlFile), list(partition), changed);
        } catch (SQLException e) {
            requireDuck(e);
            throw DuckProblem.of(e, FilePaths.of(sqlFile), MEMORY);
        }
        end(work, "update " + table);
    }

    /**
     * Writes a whole table again.
     *
     * @param sqlFile the query that says what it holds
     * @throws Problem if the query is wrong
     * @throws SQLException if the database refuses
     * @throws IOException if a file can't be read or written
     */
    public void write(Work work, String table, String sqlFile) throws SQLException, IOException {
        begin(work);
        try {
            work.kept(LakeRun.class).write(table, query(sqlFile), Layout.by(List.of()), old -> true, table);
        } catch (SQLException e) {
            requireDuck(e);
            throw DuckProblem.of(e, FilePaths.of(sqlFile), MEMORY);
        }
        end(work, "write " + table);
    }

    private static List<String> list(String names) {
        return List.of(names.strip().split("\\s*,\\s*", -1));
    }

    /**
     * Says what became of the rows.
     *
     * @param filesFile a query for all files: name, rows, rejected rows
     * @param rejectedFile a query for the rejected rows: file, line, column, reason, text; of those of a file, the first ones are kept
     * @param notesFile a query for further names and numbers
     * @throws Problem if a query is wrong
     * @throws io.bucketbrigade.runs.TooManyRejected if too many rows of a file were rejected
     */
    public void count(Work work, String filesFile, String rejectedFile, String notesFile) {
        begin(work);
        LakeCounts counts = new LakeCounts();
        ask(work, filesFile, counts::addFile);
        ask(work, rejectedFile, counts::addRejected);
        ask(work, notesFile, counts::addNote);
        work.setRowCounts(counts.all());
        counts.limit(settings.maxRejected(work.pipeline(), files(work)));
        end(work, "count");
    }

    private static void ask(Work work, String sqlFile, LakeCounts.Row row) {
        asking(sqlFile, () -> work.kept(LakeRun.class).duck().ask(query(sqlFile), rows -> {
            while (rows.next()) {
                row.read(rows);
            }
            return rows;
        }));
    }

    /**
     * Changes the tables in the work's transaction.
     *
     * @throws SQLException if the database refuses; nothing is changed
     * @throws IOException if a file can't be written; nothing is changed
     */
    public void publish(Work work) throws SQLException, IOException {
        work.transaction().perform(connection -> {
            work.kept(LakeRun.class).publish(connection);
            Objects.requireNonNull(upkeep)
                    .expire(connection, work.pipeline().name(), new LakeFiles(locations, work.resultFolder()));
        });
    }
}
