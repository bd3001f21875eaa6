package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.lake.LakeCatalog.Pointer;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    /** What is wrong with the tables whose snapshots do not expire, as it was logged. */
    private final Map<TableName, String> unreadable = new ConcurrentHashMap<>();

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

    /**
     * Lets old snapshots of a pipeline's tables expire, in the transaction of a connection. Those that were current at any time since then stay, and
     * so do the heads of branches. Their files stay for now. Tables that others keep elsewhere under the pipeline's name are not touched.
     *
     * @throws SQLException if the database refuses
     */
    void expire(Connection connection, String pipeline, LakeFiles files) throws SQLException {
        String namespace = TableName.namespaceOf(pipeline);
        Instant then = clock.instant().minus(snapshotsKept);
        for (Pointer pointer : new LakeCatalog(connection).pointers(namespace)) {
            if (pointer.isTable() && pointer.isIn(files)) {
                expire(pointer.name(), new LakeTableOperations(connection, pointer.name(), files), then);
            }
        }
    }

    /** A table that can't be read stays as it is. */
    private void expire(TableName name, LakeTableOperations operations, Instant then) {
        TableMetadata metadata;
        try {
            metadata = operations.current();
            unreadable.remove(name);
        } catch (Problem problem) {
            if (!problem.sentence().equals(unreadable.put(name, problem.sentence()))) {
                LOG.warn("Old snapshots of {} do not expire: {}", name, problem.sentence());
            }
            return;
        }
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
     * Removes files that no table has needed for a while, and folders of partitions that are empty. Several processes may do that at once.
     *
     * @throws Problem if it is not known which files are needed; nothing is removed there
     * @throws SQLException if the database refuses
     * @throws IOException if files can't be listed or removed
     */
    public void tidy() throws SQLException, IOException {
        Problem problem = null;
        for (String namespace : namespaces()) {
            try {
                tidy(namespace);
            } catch (NotFoundException unclear) {
                problem = notRemoved(namespace, unclear.getMessage() + ".", unclear);
            } catch (Problem unclear) {
                problem = notRemoved(namespace, unclear.sentence(), unclear);
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    private static Problem notRemoved(String namespace, String why, RuntimeException cause) {
        return new Problem(Kind.TRANSIENT, "Unneeded files of " + namespace + " are not removed: " + why, cause);
    }

    private List<String> namespaces() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new LakeCatalog(connection).namespaces();
        }
    }

    /**
     * What the database knew at one moment.
     *
     * @param runningSince when the first of the runs began that are alive; null if none is
     * @param pointers where the tables are
     * @param known the files that were unneeded by then, and since when
     */
    private record Moment(@Nullable Instant runningSince, List<Pointer> pointers, Map<String, Instant> known) {}

    private Moment moment(String namespace) throws SQLException {
        return InTransaction.get(database, connection -> {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new Moment(
                    runningSince(connection, namespace),
                    new LakeCatalog(connection).pointers(namespace),
                    new UnneededFiles(connection, namespace).known());
        });
    }

    /**
     * Files are read, listed and removed while no transaction is open. What others publish meanwhile does no harm: it consists of files that were needed at
     * that moment, or that are younger, or that belong to a run that was alive, and what nobody needs any more is never needed again.
     */
    private void tidy(String namespace) throws SQLException, IOException {
        Instant now = clock.instant();
        Moment moment = moment(namespace);
        String place = place(namespace, moment.pointers());
        LakeFiles files = new LakeFiles(locations, place);
        NeededFiles needed = needed(moment.pointers(), files);
        Set<String> added = new HashSet<>();
        Map<String, Long> due = new LinkedHashMap<>();
        Set<String> forgotten = new HashSet<>(moment.known().keySet());
        for (Identity file : list(place, namespace)) {
            String name = namespace + "/" + file.name();
            if (needed.contains(name)
                    || (moment.runningSince() != null && !file.touched().isBefore(moment.runningSince()))) {
                continue;
            }
            forgotten.remove(name);
            Instant since = moment.known().get(name);
            if (since == null) {
                added.add(name);
            } else if (isOld(since, now) && isOld(file.touched(), now)) {
                due.put(name, file.size());
            }
        }
        // What is removed below is forgotten the next time, when it is not there any more.
        InTransaction.<RuntimeException>run(database, connection -> {
            UnneededFiles unneeded = new UnneededFiles(connection, namespace);
            unneeded.add(added, now);
            unneeded.forget(forgotten);
        });
        due.keySet().forEach(name -> files.deleteFile(files.address(name)));
        if (!due.isEmpty()) {
            LOG.info(
                    "Removed {} files ({} bytes) of {} that no table needs any more",
                    due.size(),
                    due.values().stream().mapToLong(Long::longValue).sum(),
                    namespace);
        }
        if (!Locations.isBucket(place)) {
            new EmptyFolders(database, namespace, FilePaths.in(FilePaths.of(place), namespace)).remove();
        }
    }

    /** The files that tables need. */
    static NeededFiles needed(List<Pointer> pointers, LakeFiles files) throws IOException {
        NeededFiles needed = new NeededFiles(files);
        for (Pointer pointer : pointers) {
            if (!pointer.isTable()) {
                throw new NotFoundException(
                        "%s is not a table, so its files are not known",
                        pointer.name().table());
            }
            TableMetadata metadata = pointer.read(files);
            try {
                needed.add(metadata);
            } catch (RuntimeException unreadable) {
                throw UnreadableTable.of(pointer.name(), "a manifest of it", unreadable);
            }
            if (pointer.previous() != null) {
                needed.add(pointer.previous());
            }
        }
        return needed;
    }

    private boolean isOld(Instant time, Instant now) {
        return !time.isAfter(now.minus(filesKept));
    }

    private List<Identity> list(String place, String namespace) throws IOException {
        Location folder = locations.of(place + "/" + namespace);
        return folder.list(folder.allNames());
    }

    /** The folder or bucket of a lake: what is above the folders of its tables. */
    static String place(String namespace, List<Pointer> pointers) {
        Set<String> places = new HashSet<>();
        for (Pointer pointer : pointers) {
            String metadata = pointer.metadata();
            if (metadata == null || metadata.isBlank()) {
                throw UnreadableTable.withoutMetadata(pointer.name());
            }
            String folder = "/" + namespace + "/" + pointer.name().table() + "/metadata/";
            int end = metadata.lastIndexOf(folder);
            if (end < 0) {
                throw new NotFoundException("the metadata of a table is not in a folder %s of its lake", folder);
            }
            places.add(LakeFiles.path(metadata.substring(0, end)));
        }
        if (places.size() != 1) {
            throw new NotFoundException("its tables are in several places: %s", String.join(", ", places));
        }
        return places.iterator().next();
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
