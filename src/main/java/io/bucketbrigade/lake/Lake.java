package io.bucketbrigade.lake;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.lake.DuckSession.Limits;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Steps of a run whose results are tables of a lake: Parquet files in the folder of its results, catalogued by Iceberg. */
public final class Lake {
    private final Locations locations;
    private final @Nullable DataSource database;
    private final Limits limits;
    private final LakeUpkeep upkeep;

    /**
     * @param database where the catalog is; null where nothing may be written
     * @param memoryBytes the most that DuckDB's buffers may hold
     * @param threads how many threads DuckDB may use
     * @param spill the folder for what does not fit into its memory
     * @param upkeep what lets old snapshots expire
     */
    public Lake(
            Locations locations,
            @Nullable DataSource database,
            long memoryBytes,
            int threads,
            Path spill,
            LakeUpkeep upkeep) {
        this.upkeep = upkeep;
        this.locations = locations;
        this.database = database;
        this.limits = new Limits(memoryBytes, threads, spill);
    }

    /**
     * Begins to work on the tables of the work's pipeline.
     *
     * @throws SQLException if DuckDB can't be started
     * @throws IOException if the folder of its results can't be made
     */
    public void open(Work work) throws SQLException, IOException {
        locations.of(work.resultFolder()).makeReady();
        work.keep(work.closing(new LakeRun(
                work.pipeline().name(),
                work.id(),
                Objects.requireNonNull(database),
                new LakeFiles(locations, work.resultFolder()),
                DuckSession.open(limits))));
    }

    /**
     * Makes two tables the content of the work's inputs, as it came: one of rows, and one of what can't be a row.
     *
     * @throws SQLException if a table can't be read or written
     * @throws IOException if a file can't be read or written
     */
    public void read(Work work, String rows, String rejects) throws SQLException, IOException {
        new RawTables(work.kept(LakeRun.class), locations, rows, rejects).read(work.inputs());
    }

    /**
     * Does what a file says, such as to make macros.
     *
     * @param sqlFile statements, each ended by a semicolon at the end of a line
     * @throws SQLException if one is wrong
     */
    public void execute(Work work, String sqlFile) throws SQLException {
        for (String statement : TextFile.read(FilePaths.of(sqlFile)).split(";\\s*(\\n|$)", -1)) {
            if (!statement.isBlank()) {
                work.kept(LakeRun.class).duck().execute(statement);
            }
        }
    }

    /**
     * Makes a query known under a name; nothing is written.
     *
     * @param sqlFile the query
     * @throws SQLException if it is wrong
     */
    public void view(Work work, String name, String sqlFile) throws SQLException {
        work.kept(LakeRun.class)
                .duck()
                .execute("CREATE VIEW " + DuckSession.name(name) + " AS " + TextFile.read(FilePaths.of(sqlFile)));
    }

    /**
     * Makes a function of a table of regular expressions: it gives the reason of the first one that a text has a match for, and NULL if it has none.
     *
     * @param csvFile with the columns pattern and reason
     * @throws SQLException if a pattern is wrong
     */
    public void choice(Work work, String name, String csvFile) throws SQLException {
        DuckSession duck = work.kept(LakeRun.class).duck();
        String cases = duck.ask(
                "SELECT pattern, reason FROM read_csv(" + DuckSession.quoted(csvFile)
                        + ", header = true, all_varchar = true)",
                rows -> {
                    StringBuilder made = new StringBuilder();
                    while (rows.next()) {
                        made.append(" WHEN regexp_matches(text, ")
                                .append(DuckSession.quoted(rows.getString(1)))
                                .append(") THEN ")
                                .append(DuckSession.quoted(rows.getString(2)));
                    }
                    return made.toString();
                });
        duck.execute("CREATE MACRO " + DuckSession.name(name) + "(text) AS CASE" + cases + " END");
    }

    /**
     * Writes a table again.
     *
     * @param sqlFile the query that says what it holds
     * @param partition the columns by which it is partitioned, separated by commas; blank if it is not
     * @throws Problem if the query is wrong
     * @throws SQLException if the database refuses
     * @throws IOException if a file can't be read or written
     */
    public void write(Work work, String table, String sqlFile, String partition) throws SQLException, IOException {
        Path file = FilePaths.of(sqlFile);
        List<String> columns = Stream.of(partition.split("\\s*,\\s*", -1))
                .filter(name -> !name.isBlank())
                .toList();
        LakeRun lake = work.kept(LakeRun.class);
        lake.write(table, TextFile.read(file).strip().replaceFirst(";$", ""), columns, old -> true, table);
    }

    /**
     * Says what became of the rows.
     *
     * @param countsFile a query for names and numbers: rows_read, rows_rejected, and others, which become notes
     * @param rejectedFile a query for the rejected rows: file, line, column, reason, text
     * @throws SQLException if a query is wrong
     */
    public void count(Work work, String countsFile, String rejectedFile) throws SQLException {
        DuckSession duck = work.kept(LakeRun.class).duck();
        Map<String, Long> counts = duck.ask(TextFile.read(FilePaths.of(countsFile)), rows -> {
            Map<String, Long> found = new LinkedHashMap<>();
            while (rows.next()) {
                found.put(rows.getString(1), rows.getLong(2));
            }
            return found;
        });
        List<Rejected> rejected = duck.ask(TextFile.read(FilePaths.of(rejectedFile)), rows -> {
            List<Rejected> found = new ArrayList<>();
            while (rows.next()) {
                String column = rows.getString(3);
                found.add(new Rejected(
                        rows.getString(1),
                        rows.getLong(2),
                        (column == null ? "" : column + ": ") + rows.getString(4),
                        rows.getString(5)));
            }
            return found;
        });
        long read = taken(counts, "rows_read");
        long refused = taken(counts, "rows_rejected");
        RowCounts all = new RowCounts(read, read - refused, refused, counts, rejected);
        all.balance();
        work.setRowCounts(all);
    }

    private static long taken(Map<String, Long> counts, String name) {
        Long value = counts.remove(name);
        if (value == null) {
            throw new Problem(Kind.USAGE, "The query of row counts gives no " + name + ".");
        }
        return value;
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
            upkeep.expire(connection, work.pipeline().name(), new LakeFiles(locations, work.resultFolder()));
        });
    }
}
