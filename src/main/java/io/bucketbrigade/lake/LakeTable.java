package io.bucketbrigade.lake;

import io.bucketbrigade.lake.LakeCatalog.Pointer;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** A table of a lake in a run: the files that it had when the run began, and those that take their place when the run is published. */
final class LakeTable {
    private static final String DEFINITION = "brigade.definition";
    /** The branch for what broke a quality rule; it exists only until something is published again. */
    private static final String AUDIT = "audit";

    private static final Map<String, String> PROPERTIES = Map.of("format-version", "2");

    /** Under which a snapshot names its run. */
    private static final String RUN = "brigade.run";

    private static final String WRITTEN_BY = "_written_by";

    private static final Set<TypeID> COMPARABLE = Set.of(TypeID.INTEGER, TypeID.LONG, TypeID.STRING);

    private final TableName name;
    private final LakeFiles files;
    private final @Nullable TableMetadata before;
    private final List<DataFile> kept;
    private final List<DataFile> removed = new ArrayList<>();
    private final List<DataFile> added = new ArrayList<>();
    private @Nullable Schema schema;
    private @Nullable PartitionSpec spec;
    private String definition = "";

    private LakeTable(TableName name, LakeFiles files, @Nullable TableMetadata before, List<DataFile> kept) {
        this.name = name;
        this.files = files;
        this.before = before;
        this.kept = kept;
        this.schema = before == null ? null : before.schema();
        this.spec = before == null ? null : before.spec();
    }

    /**
     * A table as it is now; without files, if there is none yet.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    static LakeTable load(DataSource database, TableName name, LakeFiles files) throws SQLException, IOException {
        Optional<Pointer> pointer;
        try (Connection connection = database.getConnection()) {
            pointer = new LakeCatalog(connection).find(name);
        }
        return pointer.isPresent() ? load(pointer.get(), files) : missing(name, files);
    }

    /**
     * A table as the catalog has it.
     *
     * @throws Problem if its metadata can't be read
     * @throws IOException if its files can't be listed
     */
    static LakeTable load(Pointer pointer, LakeFiles files) throws IOException {
        TableMetadata metadata = pointer.read(files);
        TableOperations operations = new StaticTableOperations(metadata, files);
        List<DataFile> there = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = new BaseTable(
                        operations, pointer.name().toString())
                .newScan()
                .includeColumnStats()
                .planFiles()) {
            tasks.forEach(task -> there.add(task.file().copy()));
        } catch (RuntimeException unreadable) {
            throw UnreadableTable.of(pointer.name(), "a manifest of it", unreadable);
        }
        return new LakeTable(pointer.name(), files, metadata, there);
    }

    /** A table that nobody has written yet. */
    static LakeTable missing(TableName name, LakeFiles files) {
        return new LakeTable(name, files, null, new ArrayList<>());
    }

    TableName name() {
        return name;
    }

    /** Its columns; null if nobody has written it yet. */
    @Nullable
    Schema schema() {
        return schema;
    }

    /** The run that wrote what it had before; null if none did. */
    @Nullable
    Long runBefore() {
        return before == null ? null : run(before);
    }

    /** The run that wrote what a table has; null if none did. */
    static @Nullable Long run(TableMetadata metadata) {
        Snapshot snapshot = metadata.currentSnapshot();
        String run = snapshot == null ? null : snapshot.summary().get(RUN);
        return run == null ? null : Long.valueOf(run);
    }

    /** Names of columns, with those that it has, as it has them: DuckDB knows names without regard to letter case. */
    List<String> namesOf(List<String> columns) {
        Map<String, String> known = new HashMap<>();
        if (schema != null) {
            schema.columns().forEach(column -> known.put(column.name().toLowerCase(Locale.ROOT), column.name()));
        }
        return columns.stream()
                .map(column -> known.getOrDefault(column.toLowerCase(Locale.ROOT), column))
                .toList();
    }

    /** @throws Problem if the values of a column would not be the same text in DuckDB and in Iceberg */
    void requireComparable(List<String> columns) {
        for (String column : columns) {
            NestedField known = schema == null ? null : schema.findField(column);
            if (known != null && !COMPARABLE.contains(known.type().typeId())) {
                throw new Problem(
                        Kind.PIPELINE,
                        "The table " + name + " can't be updated by " + column + ", which is of the type "
                                + known.type() + ". Use columns of the types INTEGER, BIGINT and VARCHAR.");
            }
        }
    }

    /** What made the rows that it had before; blank if there were none, or nobody said so. */
    String definition() {
        Snapshot snapshot = before == null ? null : before.currentSnapshot();
        return snapshot == null ? "" : snapshot.summary().getOrDefault(DEFINITION, "");
    }

    /** From now on it is known what makes its rows. */
    void defined(String by) {
        definition = by;
    }

    /** The largest id of a column that it ever gave. */
    int lastColumnId() {
        return before == null ? 0 : before.lastColumnId();
    }

    /** How it is partitioned: as before, or as its first writer says. */
    PartitionSpec spec(Schema first, List<String> columns) {
        PartitionSpec known = spec;
        if (known == null) {
            PartitionSpec.Builder builder = PartitionSpec.builderFor(first);
            columns.forEach(builder::identity);
            known = builder.build();
            spec = known;
        }
        return known;
    }

    /** Where its data goes, below the lake. */
    String dataFolder() {
        return name.namespace() + "/" + name.table() + "/data";
    }

    /** The files that make it up, as far as this run has come. */
    List<DataFile> current() {
        return Stream.concat(kept.stream(), added.stream()).toList();
    }

    /** From now on, these files are in the place of others. */
    void replace(Predicate<DataFile> old, List<DataFile> by, Schema columns) {
        List<DataFile> gone = kept.stream().filter(old).toList();
        removed.addAll(gone);
        kept.removeAll(gone);
        added.removeIf(old);
        added.addAll(by);
        schema = merged(columns);
    }

    /** A table keeps the columns that its new rows don't have. */
    private Schema merged(Schema columns) {
        Map<String, NestedField> all = new HashMap<>();
        List<NestedField> fields = new ArrayList<>();
        Stream.concat(schema == null ? Stream.empty() : schema.columns().stream(), columns.columns().stream())
                .filter(field -> all.putIfAbsent(field.name(), field) == null)
                .forEach(fields::add);
        return new Schema(fields);
    }

    /** How a run names a file, so that it is known who wrote it ({@link #queryWithRuns}). */
    static String fileName(long run, String suffix) {
        return "run" + run + "-" + suffix;
    }

    /**
     * The query that reads it, for DuckDB. The files that it names stay until the lake's files are closed.
     *
     * @throws IOException if one can't be fetched
     */
    String query() throws IOException {
        return query(null);
    }

    /**
     * The same with one more column, _written_by: the number of the run that wrote a row. It takes the place of a column of that name.
     *
     * @throws IOException if a file can't be fetched
     */
    String queryWithRuns() throws IOException {
        List<String> hidden = new ArrayList<>();
        if (isNamed(WRITTEN_BY)) {
            hidden.add(WRITTEN_BY);
        }
        if (current().isEmpty()) {
            return withRun(hidden, "CAST(NULL AS BIGINT)", query());
        }
        String file = "_data_file";
        while (isNamed(file)) {
            file += "_";
        }
        hidden.add(file);
        return withRun(hidden, "TRY_CAST(regexp_extract(" + file + ", '.*/run(\\d+)-', 1) AS BIGINT)", query(file));
    }

    private boolean isNamed(String column) {
        return schema != null && schema.caseInsensitiveFindField(column) != null;
    }

    private static String withRun(List<String> hidden, String run, String query) {
        return "SELECT *" + (hidden.isEmpty() ? "" : " EXCLUDE (" + String.join(", ", hidden) + ")") + ", " + run
                + " AS " + WRITTEN_BY + " FROM (" + query + ")";
    }

    /** @param fileColumn a column more, with the name of each row's file; null for none */
    private String query(@Nullable String fileColumn) throws IOException {
        List<NestedField> columns =
                Objects.requireNonNull(schema, () -> name + " was not written").columns();
        // Columns that only rows of earlier runs had may be missing in its files.
        String empty = columns.stream()
                .map(field ->
                        "CAST(NULL AS " + LakeSchema.duckType(field.type()) + ") AS " + DuckSession.name(field.name()))
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
        List<DataFile> all = current();
        if (all.isEmpty()) {
            return empty;
        }
        String files = this.files.data().find(all).stream()
                .map(file -> DuckSession.quoted(file.toString()))
                .collect(Collectors.joining(
                        ", ",
                        " FROM read_parquet([",
                        "], union_by_name = true, hive_partitioning = false"
                                + (fileColumn == null ? "" : ", filename = " + DuckSession.quoted(fileColumn)) + ")"));
        if (all.stream().anyMatch(file -> isMissingColumns(file, columns))) {
            return empty + " UNION ALL BY NAME SELECT *" + files;
        }
        // Without a union, DuckDB reads for ORDER BY and LIMIT the other columns of those rows only.
        Stream<String> names = Stream.concat(columns.stream().map(NestedField::name), Stream.ofNullable(fileColumn));
        return names.map(DuckSession::name).collect(Collectors.joining(", ", "SELECT ", files));
    }

    private static boolean isMissingColumns(DataFile file, List<NestedField> columns) {
        Map<Integer, Long> known = file.valueCounts();
        return known == null || columns.stream().anyMatch(column -> !known.containsKey(column.fieldId()));
    }

    /**
     * Changes the table in the transaction of a connection.
     *
     * @param run the number of the run, which the snapshot names
     * @throws Problem if another program has changed it since the run began
     */
    void publish(Connection connection, long run) {
        change(connection, run, SnapshotRef.MAIN_BRANCH);
    }

    /**
     * Changes the table as {@link #publish}, but on the branch {@value #AUDIT}, whose name others can ask for; the table stays as it was. If it is new, there
     * is nothing in it.
     */
    void publishAside(Connection connection, long run) {
        change(connection, run, AUDIT);
    }

    private void change(Connection connection, long run, String branch) {
        boolean isMade = before == null && schema != null && branch.equals(SnapshotRef.MAIN_BRANCH);
        if (removed.isEmpty() && added.isEmpty() && !isMade) {
            return;
        }
        LakeTableOperations operations = new LakeTableOperations(connection, name, files);
        Schema columns = Objects.requireNonNull(schema);
        if (operations.current() == null) {
            operations.commit(
                    null,
                    TableMetadata.newTableMetadata(
                            columns,
                            Objects.requireNonNull(spec),
                            files.address(name.namespace() + "/" + name.table()),
                            PROPERTIES));
        }
        BaseTable table = new BaseTable(operations, name.toString());
        requireSame(table.currentSnapshot());
        addColumns(table, columns);
        if (table.refs().containsKey(AUDIT)) {
            table.manageSnapshots().removeBranch(AUDIT).commit();
        }
        OverwriteFiles change = table.newOverwrite().toBranch(branch);
        removed.forEach(change::deleteFile);
        added.forEach(change::addFile);
        change.set(DEFINITION, definition).set(RUN, Long.toString(run)).commit();
    }

    private void requireSame(@Nullable Snapshot now) {
        Snapshot then = before == null ? null : before.currentSnapshot();
        if (!Objects.equals(
                now == null ? null : (Long) now.snapshotId(), then == null ? null : (Long) then.snapshotId())) {
            throw changed();
        }
    }

    private void addColumns(BaseTable table, Schema columns) {
        UpdateSchema update = table.updateSchema();
        columns.columns().stream()
                .filter(field -> table.schema().findField(field.name()) == null)
                .forEach(field -> update.addColumn(null, field.name(), field.type()));
        update.commit();
        for (NestedField field : columns.columns()) {
            if (table.schema().findField(field.name()).fieldId() != field.fieldId()) {
                throw changed();
            }
        }
    }

    private Problem changed() {
        return new Problem(
                Kind.TRANSIENT, "Another program changed the table " + name + " meanwhile. The run is done again.");
    }
}
