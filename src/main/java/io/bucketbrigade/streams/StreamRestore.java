package io.bucketbrigade.streams;

import io.bucketbrigade.csv.SourceStream;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Source;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rows of an archive back into the log of a stream, at their old positions, and lets all readers begin with the first of them. A file
 * is one transaction, and what is in the log already stays as it is; so this can be done again where it was interrupted. Until it is done, a
 * service that starts accepts no rows, because it would not know which are repeated.
 */
final class StreamRestore {
    private static final Pattern FILE = Pattern.compile("(.*/)?(\\d\\d)-(\\d{12})-(\\d{12})\\.jsonl\\.gz");
    private static final int ROWS_AT_ONCE = 1000;
    private static final String CREATE_SEGMENT = "SELECT brigade.restore_segment(?, ?::timestamptz)";
    private static final String READ_AGAIN = """
            UPDATE brigade.stream_readers SET position = 0, arrived = '-infinity' WHERE stream = ? AND reader <> 'archive'
            """;
    /** Until somebody says where in a buffer to go on; in the database in which the rows were stored, that is known. */
    private static final String FORGET_POSITIONS = """
            INSERT INTO brigade.stream_sources (stream, source, shard, ended) VALUES (?, 'archive', '', true) ON CONFLICT DO NOTHING
            """;

    /** In the database in which the rows were stored, their keys are known, and rows may be accepted meanwhile. */
    private static final String BEGIN = """
            UPDATE brigade.stream_logs AS log
            SET rebuilding = true,
                restoring = restoring OR NOT EXISTS (SELECT FROM brigade.stream_partitions AS p WHERE p.stream = log.stream AND p.position > 0)
            WHERE stream = ?
            RETURNING restoring
            """;

    private static final String END = "UPDATE brigade.stream_logs SET restoring = false WHERE stream = ?";

    private static final String FORGET_REJECTED = """
            DELETE FROM brigade.stream_rejected WHERE stream = ? AND stage <> 'intake'
            """;

    private static final String HEAD = """
            SELECT position FROM brigade.stream_partitions WHERE stream = ? AND partition = ? FOR UPDATE
            """;
    private static final String MOVE_HEAD = """
            UPDATE brigade.stream_partitions SET position = greatest(position, ?) WHERE stream = ? AND partition = ?
            """;
    private static final String IS_ARCHIVED = """
            INSERT INTO brigade.stream_archive (stream, partition, first, last, file, written_at) VALUES (?, ?, ?, ?, ?, now())
            ON CONFLICT (stream, partition, first) DO UPDATE SET written_at = now()
            """;
    private static final String MOVE_ARCHIVE = """
            INSERT INTO brigade.stream_readers AS r (stream, reader, partition, position) VALUES (?, 'archive', ?, ?)
            ON CONFLICT (stream, reader, partition) DO UPDATE SET position = greatest(r.position, excluded.position)
            """;

    private final DataSource database;
    private final String stream;
    private final Location archive;
    private final List<String> tables;
    private final RestoredKeys keys;
    private final String insert;

    /** @param tables those that readers fill */
    StreamRestore(DataSource database, String stream, Location archive, List<String> tables) {
        this.database = database;
        this.stream = stream;
        this.archive = archive;
        this.tables = List.copyOf(tables);
        this.keys = new RestoredKeys(stream);
        this.insert = """
                INSERT INTO %s (partition, position, arrived, row, key_id, number)
                SELECT r.partition, r.position, r.arrived, r.row, k.id, r.number
                FROM unnest(?::smallint[], ?::bigint[], ?::timestamptz[], ?::json[], ?::json[], ?::bigint[])
                     AS r (partition, position, arrived, row, key, number)
                LEFT JOIN brigade.stream_keys AS k ON k.stream = ? AND k.key = r.key #>> '{}'
                ON CONFLICT (partition, position, arrived) DO UPDATE SET key_id = excluded.key_id, number = excluded.number
                WHERE excluded.key_id IS DISTINCT FROM log.key_id AND excluded.key_id IS NOT NULL
                """.formatted(StreamLog.table(stream) + " AS log");
    }

    private record Part(String name, int partition, long first, long last) {}

    /**
     * Restores all of it. Readers follow as far as the rows are there, because they never pass one that is missing. The stream is marked as
     * being rebuilt, and stays so.
     *
     * @param emptying whether the tables that readers fill are emptied first; otherwise they must be empty
     * @param files whose rows leave the tables
     * @return how many rows the archive has
     * @throws Problem if a table that readers fill is not empty, the archive has a gap, or the stream has taken other rows already
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if the archive can't be read
     */
    long restore(boolean emptying, LoadedFiles files) throws SQLException, IOException {
        List<Part> parts = parts();
        begin(parts, emptying, files);
        for (Part part : parts) {
            restore(part);
        }
        InTransaction.run(database, connection -> {
            keys.fill(connection);
            change(connection, END);
        });
        return parts.stream().mapToLong(part -> part.last() - part.first() + 1).sum();
    }

    /**
     * Checks what needs no look at rows.
     *
     * @throws Problem if a table that readers fill is not empty and is to be, or the archive has a gap
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if the archive can't be read
     */
    void check(boolean emptying) throws SQLException, IOException {
        parts();
        if (!emptying) {
            InTransaction.run(database, this::requireEmpty);
        }
    }

    /** From then on, new rows get positions behind those of the archive, and readers begin with the first. */
    private void begin(List<Part> parts, boolean emptying, LoadedFiles files) throws SQLException {
        Map<Integer, Long> ends = new TreeMap<>();
        parts.forEach(part -> ends.merge(part.partition(), part.last(), Math::max));
        InTransaction.run(database, connection -> {
            // Readers, and runs that load files, end first, and then find that they have to wait.
            change(connection, READ_AGAIN);
            boolean isRestoring = begin(connection);
            if (emptying && !tables.isEmpty()) {
                empty(connection);
            } else {
                requireEmpty(connection);
            }
            for (Map.Entry<Integer, Long> end : ends.entrySet()) {
                reserve(connection, end.getKey(), end.getValue(), isRestoring);
            }
            change(connection, FORGET_REJECTED);
            change(connection, FORGET_POSITIONS);
            files.leaveTables(connection);
        });
    }

    /** Whether the log had no rows before. */
    private boolean begin(Connection connection) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, stream);
            try (ResultSet row = begin.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void change(Connection connection, String statement) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(statement)) {
            change.setString(1, stream);
            change.executeUpdate();
        }
    }

    private void reserve(Connection connection, int partition, long last, boolean isRestoring) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HEAD)) {
            select.setString(1, stream);
            select.setInt(2, partition);
            try (ResultSet row = select.executeQuery()) {
                long head = row.next() ? row.getLong(1) : 0;
                if (head > 0 && head < last && !isRestoring) {
                    throw new Problem(
                            Kind.CONFLICT,
                            "The stream " + stream + " has taken " + head + " rows in partition " + partition
                                    + " of this database, but its archive has " + last
                                    + ": it belongs to another database. Rebuild into a database in which the stream has taken none.");
                }
            }
        }
        try (PreparedStatement move = connection.prepareStatement(MOVE_HEAD)) {
            move.setLong(1, last);
            move.setString(2, stream);
            move.setInt(3, partition);
            move.executeUpdate();
        }
        try (PreparedStatement archived = connection.prepareStatement(MOVE_ARCHIVE)) {
            archived.setString(1, stream);
            archived.setInt(2, partition);
            archived.setLong(3, last);
            archived.executeUpdate();
        }
    }

    private void empty(Connection connection) throws SQLException {
        try (Statement truncate = connection.createStatement()) {
            truncate.execute("TRUNCATE " + String.join(", ", tables));
        }
    }

    private void requireEmpty(Connection connection) throws SQLException {
        for (String table : tables) {
            try (PreparedStatement select = connection.prepareStatement("SELECT EXISTS (SELECT FROM " + table + ")");
                    ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new Problem(
                            Kind.CONFLICT,
                            "The table " + table
                                    + " is not empty. A rebuild fills empty tables only. With --empty it first empties "
                                    + String.join(", ", tables) + ".");
                }
            }
        }
    }

    /** Whether a location holds files of an archive. */
    static boolean isArchive(Location location) throws IOException {
        return location.allNames().stream().anyMatch(name -> FILE.matcher(name).matches());
    }

    private List<Part> parts() throws IOException {
        List<Part> parts = new ArrayList<>();
        for (String name : archive.allNames()) {
            Matcher file = FILE.matcher(name);
            if (file.matches()) {
                parts.add(new Part(
                        name,
                        Integer.parseInt(file.group(2)),
                        Long.parseLong(file.group(3)),
                        Long.parseLong(file.group(4))));
            }
        }
        parts.sort(Comparator.comparingInt(Part::partition).thenComparingLong(Part::first));
        Part before = null;
        for (Part part : parts) {
            long expected = before == null || before.partition() != part.partition() ? 1 : before.last() + 1;
            if (part.first() != expected) {
                throw new Problem(
                        Kind.INPUT,
                        "The archive " + archive.name() + " has no file with the position " + expected
                                + " of partition " + part.partition() + "; the next is " + part.name()
                                + ". Put the missing file back.");
            }
            before = part;
        }
        return parts;
    }

    private void restore(Part part) throws SQLException, IOException {
        InTransaction.run(database, connection -> {
            try (Source source = archive.open(part.name());
                    BufferedReader lines = new BufferedReader(new InputStreamReader(
                            new GZIPInputStream(new SourceStream(source)), StandardCharsets.UTF_8))) {
                long next = part.first();
                List<ArchivedRow> rows = new ArrayList<>();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    rows.add(row(part, line, next));
                    next++;
                    if (rows.size() == ROWS_AT_ONCE) {
                        insert(connection, rows);
                        rows.clear();
                    }
                }
                insert(connection, rows);
                if (next != part.last() + 1) {
                    throw wrong(part, "ends with the position " + (next - 1));
                }
                finish(connection, part);
            } catch (ZipException | EOFException damaged) {
                throw wrong(part, "is damaged");
            }
        });
    }

    private ArchivedRow row(Part part, String line, long position) {
        ArchivedRow row = ArchivedRow.of(line);
        if (row == null || row.partition() != part.partition() || row.position() != position) {
            throw wrong(part, "has another row where the position " + position + " should be");
        }
        return row;
    }

    private Problem wrong(Part part, String what) {
        return new Problem(
                Kind.INPUT,
                part.name() + " in " + archive.name() + " " + what
                        + ". Put the right file there, and call rebuild again with --empty.");
    }

    private void insert(Connection connection, List<ArchivedRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        for (String time :
                new String[] {rows.get(0).arrived(), rows.get(rows.size() - 1).arrived()}) {
            try (PreparedStatement create = connection.prepareStatement(CREATE_SEGMENT)) {
                create.setString(1, stream);
                create.setString(2, time);
                create.execute();
            }
        }
        keys.make(connection, rows);
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setArray(1, array(connection, "smallint", rows, ArchivedRow::partition));
            statement.setArray(2, array(connection, "bigint", rows, ArchivedRow::position));
            statement.setArray(3, array(connection, "timestamptz", rows, ArchivedRow::arrived));
            statement.setArray(4, array(connection, "text", rows, ArchivedRow::json));
            statement.setArray(5, array(connection, "text", rows, ArchivedRow::key));
            statement.setArray(6, array(connection, "bigint", rows, ArchivedRow::number));
            statement.setString(7, stream);
            statement.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, List<ArchivedRow> rows, Function<ArchivedRow, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }

    private void finish(Connection connection, Part part) throws SQLException {
        try (PreparedStatement known = connection.prepareStatement(IS_ARCHIVED)) {
            known.setString(1, stream);
            known.setInt(2, part.partition());
            known.setLong(3, part.first());
            known.setLong(4, part.last());
            known.setString(5, part.name());
            known.executeUpdate();
        }
    }
}
