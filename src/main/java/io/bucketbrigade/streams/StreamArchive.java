package io.bucketbrigade.streams;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.streams.StreamBatch.LogRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all rows of a stream as they came: files of JSON lines, compressed, that are seen whole or not at all. The positions of all files
 * have no gap and no overlap, whatever is killed: which rows a file holds is committed before the file is written, so whoever finds it
 * unfinished writes the same file again.
 */
final class StreamArchive {
    /** The reader whose positions say how far it is. */
    static final String READER = "archive";
    /** How long writing one file may take; another process can't go on with the partition before that. */
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(5);

    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyy/MM/dd/HH", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int FETCHED_AT_ONCE = 500;

    private static final String POSITION = """
            SELECT position, arrived FROM brigade.stream_readers
            WHERE stream = ? AND reader = ? AND partition = ?
            FOR UPDATE SKIP LOCKED
            """;
    private static final String LOG = "SELECT id FROM brigade.stream_logs WHERE stream = ?";
    private static final String UNWRITTEN = """
            SELECT first, last, file FROM brigade.stream_archive WHERE stream = ? AND partition = ? AND written_at IS NULL
            """;
    private static final String BEGIN = """
            INSERT INTO brigade.stream_archive (stream, partition, first, last, file) VALUES (?, ?, ?, ?, ?)
            """;
    private static final String WRITTEN = """
            UPDATE brigade.stream_archive SET written_at = clock_timestamp() WHERE stream = ? AND partition = ? AND first = ?
            """;
    private final DataSource database;
    private final String stream;
    private final Locations locations;
    private final String place;
    private final long size;
    private final Duration age;
    private final String oldest;
    private final String measure;
    private final String rows;
    private final String move;
    private final Map<Integer, Measured> measured = new HashMap<>();
    private boolean hasBegun;

    /**
     * @param place the folder or bucket
     * @param size from how many bytes on, before compression, a file is finished
     * @param age after which time at the latest it is
     */
    StreamArchive(DataSource database, String stream, Locations locations, String place, long size, Duration age) {
        this.database = database;
        this.stream = stream;
        this.locations = locations;
        this.place = place;
        this.size = size;
        this.age = age;
        this.oldest = """
                SELECT arrived FROM %s WHERE partition = ? AND position > ? AND arrived >= ? ORDER BY position LIMIT 1
                """.formatted(StreamLog.table(stream));
        this.measure = """
                SELECT max(position), sum(octet_length(row::text))
                FROM (SELECT position, row FROM %s
                      WHERE partition = ? AND position > ? AND arrived >= ? AND arrived < ?
                      ORDER BY position LIMIT 100000) AS following
                """.formatted(StreamLog.table(stream));
        // A key by the id of a rejected row means another row in another database.
        this.rows = """
                SELECT l.partition, l.position, to_char(l.arrived AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       CASE WHEN k.key IS NULL THEN l.row::text
                            ELSE '{"_key":' || to_json(k.key) || ',"_number":' || l.number || ',' || substr(l.row::text, 2) END
                FROM %s AS l
                LEFT JOIN brigade.stream_keys AS k ON k.id = l.key_id AND NOT starts_with(k.key, '%s')
                WHERE l.partition = ? AND l.position BETWEEN ? AND ? AND l.arrived >= ?
                ORDER BY l.position
                """.formatted(StreamLog.table(stream), Repeatable.REJECTED);
        this.move = """
                UPDATE brigade.stream_readers AS r
                SET position = l.position, arrived = l.arrived
                FROM %s AS l
                WHERE r.stream = ? AND r.reader = ? AND r.partition = ? AND l.partition = r.partition
                  AND l.position = ? AND l.arrived >= r.arrived
                """.formatted(StreamLog.table(stream));
    }

    /** Where a partition's archive ends. */
    private record Position(long last, Timestamp arrived) {}

    /** The rows that are to be in the next file, so far: up to which position, and how many bytes. */
    private record Measured(long after, Instant oldest, long last, long bytes) {}

    /** A file that is to be written. */
    private record Part(long first, long last, String file) {}

    /**
     * Writes what is due.
     *
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if a file can't be written; it is tried again with the next call
     */
    void write() throws SQLException, IOException {
        if (!hasBegun) {
            new StreamReading(database, stream, READER, WRITTEN_WITHIN).begin();
            hasBegun = true;
        }
        Exception failed = null;
        for (int partition = 0; partition < RowFormat.PARTITIONS; partition++) {
            try {
                while (isBegun(partition) && write(partition)) {
                    measured.remove(partition);
                }
            } catch (SQLException | IOException | RuntimeException e) {
                // One partition must not hold up the others.
                failed = e;
            }
        }
        if (failed instanceof SQLException away) {
            throw away;
        }
        if (failed instanceof IOException unwritable) {
            throw unwritable;
        }
        if (failed instanceof RuntimeException other) {
            throw other;
        }
    }

    /** Decides which rows the next file of a partition holds, unless that was decided; false if none is due. */
    private boolean isBegun(int partition) throws SQLException {
        return InTransaction.get(database, connection -> {
            Position position = position(connection, partition);
            return position != null
                    && (unwritten(connection, partition) != null || begin(connection, partition, position));
        });
    }

    /** The position of a partition, locked; null if another process is working on it. */
    private @Nullable Position position(Connection connection, int partition) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(POSITION)) {
            select.setString(1, stream);
            select.setString(2, READER);
            select.setInt(3, partition);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Position(row.getLong(1), row.getTimestamp(2)) : null;
            }
        }
    }

    private String log(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOG)) {
            select.setString(1, stream);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private @Nullable Part unwritten(Connection connection, int partition) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(UNWRITTEN)) {
            select.setString(1, stream);
            select.setInt(2, partition);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Part(row.getLong(1), row.getLong(2), row.getString(3)) : null;
            }
        }
    }

    private boolean begin(Connection connection, int partition, Position position) throws SQLException {
        Measured found = measure(connection, partition, position);
        if (found == null) {
            return false;
        }
        measured.put(partition, found);
        Instant now = Instant.now();
        boolean isDue = found.bytes() >= size
                || found.oldest().plus(age).isBefore(now)
                || hourAfter(found.oldest()).isBefore(now);
        if (isDue) {
            long first = position.last() + 1;
            try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
                begin.setString(1, stream);
                begin.setInt(2, partition);
                begin.setLong(3, first);
                begin.setLong(4, found.last());
                begin.setString(
                        5,
                        String.format(
                                Locale.ROOT,
                                "%s/%02d-%012d-%012d.jsonl.gz",
                                FOLDER.format(found.oldest()),
                                partition,
                                first,
                                found.last()));
                begin.executeUpdate();
            }
        }
        return isDue;
    }

    private static Instant hourAfter(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }

    /** The rows of one hour behind a position; each is measured once. Null if there are none. */
    private @Nullable Measured measure(Connection connection, int partition, Position position) throws SQLException {
        Measured known = measured.get(partition);
        if (known == null || known.after() != position.last()) {
            Instant arrived = oldest(connection, partition, position);
            if (arrived == null) {
                return null;
            }
            known = new Measured(position.last(), arrived, position.last(), 0);
        }
        try (PreparedStatement select = connection.prepareStatement(measure)) {
            select.setInt(1, partition);
            select.setLong(2, known.last());
            select.setTimestamp(3, Timestamp.from(known.oldest()));
            select.setTimestamp(4, Timestamp.from(hourAfter(known.oldest())));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long last = row.getLong(1);
                return last == 0
                        ? known
                        : new Measured(known.after(), known.oldest(), last, known.bytes() + row.getLong(2));
            }
        }
    }

    private @Nullable Instant oldest(Connection connection, int partition, Position position) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(oldest)) {
            select.setInt(1, partition);
            select.setLong(2, position.last());
            select.setTimestamp(3, position.arrived());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getTimestamp(1).toInstant() : null;
            }
        }
    }

    /** Writes the file that was begun; false if another process does so. */
    private boolean write(int partition) throws SQLException, IOException {
        return InTransaction.get(database, connection -> {
            SilentSessions.endAfter(connection, WRITTEN_WITHIN);
            Position position = position(connection, partition);
            Part part = position == null ? null : unwritten(connection, partition);
            if (position == null || part == null) {
                return false;
            }
            new ArchiveOwner(locations.of(place)).require(stream, log(connection));
            int name = part.file().lastIndexOf('/');
            Location location = locations.of(place + "/" + part.file().substring(0, name));
            location.makeReady();
            Prepared file = location.prepare(
                    part.file().substring(name + 1),
                    "archive",
                    out -> write(connection, partition, position, part, out));
            try {
                file.publish();
            } finally {
                file.discard();
            }
            finish(connection, partition, part);
            return true;
        });
    }

    private void write(Connection connection, int partition, Position position, Part part, OutputStream out)
            throws IOException {
        long next = part.first();
        try (GZIPOutputStream zipped = new GZIPOutputStream(out, 1 << 16);
                PreparedStatement select = connection.prepareStatement(rows)) {
            select.setFetchSize(FETCHED_AT_ONCE);
            select.setInt(1, partition);
            select.setLong(2, part.first());
            select.setLong(3, part.last());
            select.setTimestamp(4, position.arrived());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    LogRow found = new LogRow(row.getInt(1), row.getLong(2), row.getString(3), row.getString(4));
                    if (found.position() != next) {
                        throw missing(part, next);
                    }
                    zipped.write((found.withPlace() + "\n").getBytes(StandardCharsets.UTF_8));
                    next++;
                }
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (next != part.last() + 1) {
            throw missing(part, next);
        }
    }

    private Problem missing(Part part, long position) {
        return new Problem(
                Kind.INTERNAL,
                "The log of " + stream + " has no row at position " + position + ", but " + part.file()
                        + " should hold it.");
    }

    private void finish(Connection connection, int partition, Part part) throws SQLException {
        try (PreparedStatement written = connection.prepareStatement(WRITTEN);
                PreparedStatement behind = connection.prepareStatement(move)) {
            written.setString(1, stream);
            written.setInt(2, partition);
            written.setLong(3, part.first());
            written.executeUpdate();
            behind.setString(1, stream);
            behind.setString(2, READER);
            behind.setInt(3, partition);
            behind.setLong(4, part.last());
            behind.executeUpdate();
        }
    }
}
