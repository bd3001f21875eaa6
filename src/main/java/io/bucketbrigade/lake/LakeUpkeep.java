package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ExpireSnapshots.CleanupLevel;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps lakes from growing for ever: old snapshots expire, and files that no table needs any more are removed. */
public final class LakeUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(LakeUpkeep.class);
    private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

    private static final String NAMESPACES = """
            SELECT DISTINCT table_namespace FROM lake.iceberg_tables WHERE catalog_name = ?
            """;
    private static final String TABLES = """
            SELECT table_name, metadata_location, previous_metadata_location, iceberg_type = 'TABLE' FROM lake.iceberg_tables
            WHERE catalog_name = ? AND table_namespace = ?
            """;
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('brigade.lake ' || ?, 0))";
    /** An hour for clocks that differ. */
    private static final String RUNNING_SINCE = """
            SELECT min(started_at) - interval '1 hour' FROM brigade.runs
            WHERE state = 'running' AND replace(pipeline, '-', '_') = ?
            """;

    private final Locations locations;
    private final DataSource database;
    private final Duration snapshotsKept;
    private final Duration filesKept;
    private final InstantSource clock;

    /**
     * @param snapshotsKept how far back the state of a table can be read
     * @param filesKept how long files stay when nobody needs them any more
     */
    public LakeUpkeep(
            Locations locations, DataSource database, Duration snapshotsKept, Duration filesKept, InstantSource clock) {
        this.locations = locations;
        this.database = database;
        this.snapshotsKept = snapshotsKept;
        this.filesKept = filesKept;
        this.clock = clock;
    }

    /** What the catalog says of a table: where its metadata is now, and where it was before. */
    private record Pointer(
            String table, String metadata, @Nullable String previous, boolean isTable) {}

    /**
     * Lets old snapshots of a pipeline's tables expire, in the transaction of a connection. Those that were current at any time since then stay, and
     * so do the heads of branches. Their files stay for now. Tables that others keep elsewhere under the pipeline's name are not touched.
     *
     * @throws SQLException if the database refuses
     */
    void expire(Connection connection, String pipeline, LakeFiles files) throws SQLException {
        String namespace = TableName.of(pipeline, "").namespace();
        Instant then = clock.instant().minus(snapshotsKept);
        for (Pointer pointer : pointers(connection, namespace)) {
            if (pointer.isTable() && files.isBelow(pointer.metadata())) {
                expire(new LakeTableOperations(connection, new TableName(namespace, pointer.table()), files), then);
            }
        }
    }

    private static void expire(LakeTableOperations operations, Instant then) {
        TableMetadata metadata = operations.current();
        Snapshot currentThen = null;
        for (HistoryEntry entry : metadata.snapshotLog()) {
            if (entry.timestampMillis() <= then.toEpochMilli()) {
                currentThen = metadata.snapshot(entry.snapshotId());
            }
        }
        if (currentThen != null) {
            new BaseTable(operations, operations.tableName())
                    .expireSnapshots()
                    .expireOlderThan(currentThen.timestampMillis())
                    .retainLast(1)
                    .cleanupLevel(CleanupLevel.NONE)
                    .commit();
        }
    }

    /**
     * Removes files that no table has needed for a while, and folders of partitions that are empty. Of several processes, one does that at a time.
     *
     * @throws Problem if it is not known which files are needed; nothing is removed there
     * @throws SQLException if the database refuses
     * @throws IOException if files can't be listed or removed
     */
    public void tidy() throws SQLException, IOException {
        Problem problem = null;
        for (String namespace : namespaces()) {
            try {
                Optional<Path> folder = InTransaction.<Optional<Path>, IOException>get(database, connection -> {
                    SilentSessions.endAfter(connection, LONGEST_SILENCE);
                    return isOurs(connection, namespace) ? tidy(connection, namespace) : Optional.empty();
                });
                if (folder.isPresent()) {
                    new EmptyFolders(database, namespace, folder.get()).remove();
                }
            } catch (NotFoundException unclear) {
                problem = new Problem(
                        Kind.TRANSIENT,
                        "Unneeded files of " + namespace + " are not removed: " + unclear.getMessage() + ".",
                        unclear);
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    /** Gives the folder, if it is one of this machine. */
    private Optional<Path> tidy(Connection connection, String namespace) throws SQLException, IOException {
        Instant now = clock.instant();
        // First the run, then the tables: what a run has written is either kept because of its age, or known to a
        // table.
        Instant runningSince = runningSince(connection, namespace);
        List<Pointer> pointers = pointers(connection, namespace);
        String place = place(namespace, pointers);
        LakeFiles files = new LakeFiles(locations, place);
        NeededFiles needed = new NeededFiles(files);
        for (Pointer pointer : pointers) {
            if (!pointer.isTable()) {
                throw new NotFoundException("%s is not a table, so its files are not known", pointer.table());
            }
            needed.add(new LakeTableOperations(connection, new TableName(namespace, pointer.table()), files).current());
            if (pointer.previous() != null) {
                needed.add(pointer.previous());
            }
        }
        UnneededFiles unneeded = new UnneededFiles(connection, namespace);
        Map<String, Instant> known = unneeded.known();
        Set<String> added = new HashSet<>();
        Map<String, Long> due = new LinkedHashMap<>();
        Set<String> forgotten = new HashSet<>(known.keySet());
        for (Identity file : list(place, namespace)) {
            String name = namespace + "/" + file.name();
            if (needed.contains(name)
                    || (runningSince != null && !file.touched().isBefore(runningSince))) {
                continue;
            }
            forgotten.remove(name);
            Instant since = known.get(name);
            if (since == null) {
                added.add(name);
            } else if (isOld(since, now) && isOld(file.touched(), now)) {
                due.put(name, file.size());
            }
        }
        unneeded.add(added, now);
        due.keySet().forEach(name -> files.deleteFile(files.address(name)));
        forgotten.addAll(due.keySet());
        unneeded.forget(forgotten);
        if (!due.isEmpty()) {
            LOG.info(
                    "Removed {} files ({} bytes) of {} that no table needs any more",
                    due.size(),
                    due.values().stream().mapToLong(Long::longValue).sum(),
                    namespace);
        }
        return Locations.isBucket(place) ? Optional.empty() : Optional.of(FilePaths.in(FilePaths.of(place), namespace));
    }

    private boolean isOld(Instant time, Instant now) {
        return !time.isAfter(now.minus(filesKept));
    }

    private List<Identity> list(String place, String namespace) throws IOException {
        Location folder = locations.of(place + "/" + namespace);
        return folder.list(folder.allNames());
    }

    /** The folder or bucket of a lake: what is above the folders of its tables. */
    private static String place(String namespace, List<Pointer> pointers) {
        Set<String> places = new HashSet<>();
        for (Pointer pointer : pointers) {
            String folder = "/" + namespace + "/" + pointer.table() + "/metadata/";
            int end = pointer.metadata().lastIndexOf(folder);
            if (end < 0) {
                throw new NotFoundException("the metadata of a table is not in a folder %s of its lake", folder);
            }
            places.add(LakeFiles.path(pointer.metadata().substring(0, end)));
        }
        if (places.size() != 1) {
            throw new NotFoundException("its tables are in several places: %s", String.join(", ", places));
        }
        return places.iterator().next();
    }

    private List<String> namespaces() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(NAMESPACES)) {
            select.setString(1, TableName.CATALOG);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    private static List<Pointer> pointers(Connection connection, String namespace) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(TABLES)) {
            select.setString(1, TableName.CATALOG);
            select.setString(2, namespace);
            List<Pointer> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Pointer(
                            rows.getString(1),
                            Objects.requireNonNull(rows.getString(2)),
                            rows.getString(3),
                            rows.getBoolean(4)));
                }
            }
            return found;
        }
    }

    private static boolean isOurs(Connection connection, String namespace) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, namespace);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static @Nullable Instant runningSince(Connection connection, String namespace) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(RUNNING_SINCE)) {
            select.setString(1, namespace);
            try (ResultSet row = select.executeQuery()) {
                Timestamp since = row.next() ? row.getTimestamp(1) : null;
                return since == null ? null : since.toInstant();
            }
        }
    }
}
