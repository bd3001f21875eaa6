package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The tables of a lake that a run reads and writes, each by its name in DuckDB. Nobody else sees what it writes before it is published. */
public final class LakeRun implements AutoCloseable {
    private final String pipeline;
    private final long run;
    private final @Nullable DataSource database;
    private final LakeFiles files;
    private final DuckSession duck;
    private final Map<String, LakeTable> tables = new LinkedHashMap<>();
    /** What was defined so far. */
    private final StringBuilder definitions = new StringBuilder();
    /** The tables that are made as if nothing had been there. */
    private final Set<String> made = new HashSet<>();

    private final Set<String> written = new LinkedHashSet<>();
    /** The files that this run has written. */
    private final List<DataFile> ours = new ArrayList<>();

    private LakeBudget budget = new LakeBudget(null, null, 0);
    private Set<String> audited = Set.of();

    /**
     * What people still see as it was.
     *
     * @param tables the tables
     * @param run the number of the last run that published one of them; 0 if there is nothing to see
     */
    public record Held(List<String> tables, long run) {
        public Held {
            tables = List.copyOf(tables);
        }
    }

    /** @param database where the catalog is; null if no table is there, and none will be published */
    LakeRun(String pipeline, long run, @Nullable DataSource database, LakeFiles files, DuckSession duck) {
        this.pipeline = pipeline;
        this.run = run;
        this.database = database;
        this.files = files;
        this.duck = duck;
    }

    DuckSession duck() {
        return duck;
    }

    long run() {
        return run;
    }

    /**
     * A table as far as this run has come. DuckDB knows it, if it is there.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    LakeTable table(String name) throws SQLException, IOException {
        LakeTable known = tables.get(name);
        if (known == null) {
            known = load(TableName.of(pipeline, name));
            tables.put(name, known);
            show(name, known);
        }
        return known;
    }

    private LakeTable load(TableName name) throws SQLException, IOException {
        return database == null ? LakeTable.missing(name, files) : LakeTable.load(database, name, files);
    }

    private void show(String name, LakeTable table) throws SQLException, IOException {
        if (table.schema() != null) {
            duck.execute("CREATE OR REPLACE VIEW " + DuckSession.name(name) + " AS " + table.query());
        }
    }

    /** From now on, what the run writes is made by this too. */
    void define(String text) {
        definitions.append(text).append('\0');
    }

    /** All that a query depends on, in short: what was defined so far, and its own text. */
    private String definition(String query) {
        return UUID.nameUUIDFromBytes((definitions + query).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /**
     * Shows what a table had when the run began: nothing, if it was made by something else than what makes it now.
     *
     * @param columns what is shown of it: each name with its type
     * @param query what makes it now
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    void showBefore(String view, String name, List<String> columns, String query) throws SQLException, IOException {
        LakeTable table = table(name);
        String now = definition(query);
        boolean isSame = table.schema() != null && table.definition().equals(now);
        table.defined(now);
        String shown = columns.stream()
                .map(column -> column.split("\\s+", 2))
                .map(column -> isSame
                        ? DuckSession.name(column[0])
                        : "CAST(NULL AS " + column[1] + ") AS " + DuckSession.name(column[0]))
                .collect(Collectors.joining(", "));
        duck.execute("CREATE VIEW " + DuckSession.name(view) + " AS SELECT " + shown
                + (isSame ? " FROM (" + table.query() + ")" : " WHERE false"));
        if (!isSame) {
            made.add(name);
        }
    }

    /**
     * Writes some partitions of a table again; all of them, if it was made by something else than what makes it now ({@link #showBefore}).
     *
     * @param query the new content of those partitions
     * @param partition the columns by which the table is partitioned
     * @param changed what has a row for each partition to be written, with those columns
     * @throws Problem if a partition column is of another type than INTEGER, BIGINT and VARCHAR, whose values are compared as texts
     * @throws SQLException if the query fails
     * @throws IOException if a file can't be written
     */
    void update(String name, String query, List<String> partition, String changed) throws SQLException, IOException {
        table(name).requireComparable(partition);
        Set<List<String>> partitions = duck.ask(
                partition.stream()
                        .map(column -> "CAST(" + DuckSession.name(column) + " AS VARCHAR)")
                        .collect(Collectors.joining(", ", "SELECT ", " FROM " + DuckSession.name(changed))),
                rows -> {
                    Set<List<String>> found = new HashSet<>();
                    while (rows.next()) {
                        List<String> values = new ArrayList<>();
                        for (int at = 1; at <= partition.size(); at++) {
                            values.add(rows.getString(at));
                        }
                        found.add(values);
                    }
                    return found;
                });
        written.add(name);
        boolean isWhole = made.contains(name);
        if (partitions.isEmpty() && !isWhole) {
            return;
        }
        write(name, query, Layout.by(partition), file -> isWhole || partitions.contains(partitionOf(file)), name);
    }

    private static List<String> partitionOf(DataFile file) {
        List<String> values = new ArrayList<>();
        for (int at = 0; at < file.partition().size(); at++) {
            values.add(Objects.toString(file.partition().get(at, Object.class), null));
        }
        return values;
    }

    /**
     * Writes what a query finds in the place of some of a table's files.
     *
     * @param layout how its rows are spread over files
     * @param old which files are replaced
     * @param suffix what distinguishes the new files from others of this run
     * @return how many rows were written
     * @throws SQLException if the query fails
     * @throws IOException if a file can't be written
     */
    long write(String name, String query, Layout layout, Predicate<DataFile> old, String suffix)
            throws SQLException, IOException {
        LakeTable table = table(name);
        written.add(name);
        Schema schema = LakeSchema.of(duck, query, table.schema(), Math.max(table.lastColumnId(), highest(table)));
        PartitionSpec spec = table.spec(schema, layout.columns());
        List<DataFile> written = new DataFileWriter(duck, files)
                .write(query, schema, spec, layout.partition(), table.dataFolder(), LakeTable.fileName(run, suffix));
        long rows = written.stream().mapToLong(DataFile::recordCount).sum();
        long bytes = written.stream().mapToLong(DataFile::fileSizeInBytes).sum();
        ours.addAll(written);
        spend(name, bytes);
        duck.costs().add(rows, bytes);
        table.replace(old, written, schema);
        show(name, table);
        return rows;
    }

    private void spend(String name, long bytes) {
        try {
            budget.spend(name, bytes);
        } catch (Problem over) {
            discard(over);
            throw over;
        }
    }

    /**
     * Removes the files that this run has written, for none of its tables will be published. What can't be removed now is removed by age.
     *
     * @param reason why; it says what could not be removed
     */
    void discard(Exception reason) {
        try {
            for (DataFile file : ours) {
                files.deleteFile(file.location());
            }
        } catch (RuntimeException left) {
            reason.addSuppressed(left);
        }
        ours.clear();
    }

    /** From now on it writes no more than that. */
    void limit(LakeBudget by) {
        budget = by;
    }

    private static int highest(LakeTable table) {
        Schema schema = table.schema();
        return schema == null ? 0 : schema.highestFieldId();
    }

    /**
     * Removes some of a table's files.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    void remove(String name, Predicate<DataFile> old) throws SQLException, IOException {
        LakeTable table = table(name);
        Schema schema = table.schema();
        if (schema != null) {
            table.replace(old, List.of(), schema);
            show(name, table);
        }
    }

    /**
     * The columns of a table as far as this run has come, with their types in DuckDB.
     *
     * @return them in their order; empty if there is no such table
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    public Map<String, String> columns(String name) throws SQLException, IOException {
        Map<String, String> columns = new LinkedHashMap<>();
        if (table(name).schema() != null) {
            for (Map<String, @Nullable Object> row : find("DESCRIBE " + DuckSession.name(name))) {
                columns.put(String.valueOf(row.get("column_name")), String.valueOf(row.get("column_type")));
            }
        }
        return columns;
    }

    /** The tables that this run has written, or found up to date, in that order. */
    public Set<String> written() {
        return Collections.unmodifiableSet(written);
    }

    /**
     * Asks DuckDB something about the tables.
     *
     * @return the rows that were found, each with its columns in their order; not for many
     * @throws io.bucketbrigade.problems.Problem if memory, disk or files keep it from being answered
     * @throws SQLException if the query is wrong
     */
    public List<Map<String, @Nullable Object>> find(String query) throws SQLException {
        try {
            return rows(query);
        } catch (SQLException failed) {
            throw DuckProblem.machine(failed, "A question about what this run wrote", Lake.MEMORY)
                    .orElseThrow(() -> failed);
        }
    }

    private List<Map<String, @Nullable Object>> rows(String query) throws SQLException {
        return duck.ask(query, rows -> {
            List<Map<String, @Nullable Object>> found = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= columns; column++) {
                    row.put(rows.getMetaData().getColumnName(column), rows.getObject(column));
                }
                found.add(row);
            }
            return found;
        });
    }

    /**
     * Keeps tables from people because of what is wrong in them: what this run has written of them is published on a branch, and what it has written after
     * the first of them, which may be computed from them, is not published.
     */
    public Held hold(Set<String> names) {
        audited = Set.copyOf(names);
        List<String> held = written.stream().filter(this::isHeld).toList();
        long seen = held.stream()
                .map(tables::get)
                .filter(Objects::nonNull)
                .map(LakeTable::runBefore)
                .filter(Objects::nonNull)
                .max(Long::compare)
                .orElse(0L);
        return new Held(held, seen);
    }

    private boolean isHeld(String name) {
        List<String> order = List.copyOf(written);
        return audited.contains(name) || audited.stream().anyMatch(table -> order.indexOf(table) < order.indexOf(name));
    }

    /**
     * Changes all tables in the transaction of a connection, and keeps there what the steps took.
     *
     * @throws SQLException if the database refuses
     */
    void publish(Connection connection) throws SQLException {
        tables.forEach((name, table) -> {
            if (audited.contains(name)) {
                table.publishAside(connection, run);
            } else if (!isHeld(name)) {
                table.publish(connection, run);
            }
        });
        duck.costs().keep(connection, run);
    }

    @Override
    public void close() throws SQLException {
        try (files) {
            duck.close();
        }
    }
}
