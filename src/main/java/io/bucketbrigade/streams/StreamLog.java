package io.bucketbrigade.streams;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import io.bucketbrigade.problems.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The log of a stream in PostgreSQL.
 *
 * <p>Numbers from a sequence are handed out before the commit, so a reader that has seen 10 could later find that 9 appears. Here, whoever
 * appends to a partition first locks its row in {@code brigade.stream_partitions}, takes the positions behind the one in it, and holds the
 * lock until the commit. So the rows of a partition appear in the order of their positions, positions have no gaps, and a reader that has
 * passed one never misses a row before it. The same lock makes "was it stored before?" and "store it" one step.
 */
final class StreamLog {
    /** How long others wait for a process that is frozen while it appends. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final String IDENTITY = "SELECT id::text AS log FROM brigade.stream_logs WHERE stream = ?";

    /** One row at least, if there is such a log. */
    private static final String KNOWN = """
            SELECT log, key, stored::text FROM (%s) AS logs LEFT JOIN brigade.stream_keys ON stream = ? AND key = ANY (?)
            """.formatted(IDENTITY);

    private static final String REJECT = """
            INSERT INTO brigade.stream_rejected (stream, stage, key, number, field, reason, row)
            SELECT ?, 'intake', key, number, field, reason, row
            FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[]) AS rejected (key, number, field, reason, row)
            ON CONFLICT (stream, key, number) WHERE stage = 'intake' AND key IS NOT NULL DO NOTHING
            """;
    /**
     * Partitions are locked in their order, so that no two processes wait for each other. The time is taken under the lock, because it must
     * not run backwards within a partition. A row whose partition is unknown has no position, and so the statement fails. The table of the log
     * is to be put in first, then the further columns, and their parameters.
     */
    private static final String INSERT = """
            WITH sent AS MATERIALIZED (
                SELECT partition, row%2$s, place FROM unnest(?::int[], ?::text[]%3$s) WITH ORDINALITY AS sent (partition, row%2$s, place)
            ),
            locked AS MATERIALIZED (
                SELECT stream, partition
                FROM brigade.stream_partitions
                WHERE stream = ? AND partition IN (SELECT partition FROM sent)
                ORDER BY partition
                FOR UPDATE
            ),
            heads AS (
                UPDATE brigade.stream_partitions AS p
                SET position = p.position + added.rows, arrived = greatest(p.arrived, clock_timestamp())
                FROM locked
                JOIN (SELECT partition, count(*) AS rows FROM sent GROUP BY partition) AS added USING (partition)
                WHERE p.stream = locked.stream AND p.partition = locked.partition
                RETURNING p.partition, p.position - added.rows AS before, p.arrived
            ),
            stored AS (
                INSERT INTO %1$s (partition, position, arrived, row%2$s)
                SELECT partition, before + row_number() OVER (PARTITION BY partition ORDER BY place), arrived, row::json%2$s
                FROM sent
                LEFT JOIN heads USING (partition)
            )
            """;

    private final DataSource database;
    private final String stream;
    private final String insert;
    private final String insertWithKeys;
    private volatile String identity = "";

    StreamLog(DataSource database, String stream) {
        this.database = database;
        this.stream = stream;
        this.insert = INSERT.formatted(table(stream), "", "") + IDENTITY;
        this.insertWithKeys =
                INSERT.formatted(table(stream), ", key_id, number", ", ?::bigint[], ?::bigint[]") + IDENTITY;
    }

    /** The table of a stream's log, as SQL names it; names of pipelines hold no quotes. */
    static String table(String stream) {
        return "brigade.\"stream_" + stream + "\"";
    }

    /**
     * What the log is known by to those who keep how far they have come: an id that no other log has. It is that of the database that was asked
     * last, which may have been replaced since.
     */
    String identity() {
        return identity;
    }

    /**
     * Asks the database which log it has.
     *
     * @throws SQLException if the database refuses, or is away
     */
    void identify() throws SQLException {
        try (Connection connection = database.getConnection()) {
            identify(connection);
        }
    }

    /**
     * The same over a connection that asks for other things too.
     *
     * @return what the log is known by
     * @throws SQLException if the database refuses, or is away
     */
    String identify(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IDENTITY)) {
            select.setString(1, stream);
            return identify(select);
        }
    }

    private String identify(PreparedStatement asking) throws SQLException {
        try (ResultSet row = asking.executeQuery()) {
            String now = row.next() ? row.getString(1) : "";
            identity = now;
            return now;
        }
    }

    /** Fails if some rows are for another log. */
    private void requireLog(Connection connection, List<Append> appends) throws SQLException {
        if (appends.stream().anyMatch(append -> append.log() != null)) {
            String now = identify(connection);
            for (Append append : appends) {
                if (append.log() != null && !append.log().equals(now)) {
                    throw OtherLog.refuse(stream, now);
                }
            }
        }
    }

    /**
     * Stores rows in one transaction, which is on the disk when this returns.
     *
     * @return what became of each append
     * @throws Problem if one of them is for another log; then nothing is stored
     * @throws SQLException if the database refuses, or is away; then nothing is stored, or nobody knows
     */
    List<Receipt> append(List<Append> appends) throws SQLException {
        // Where no key must be looked up and kept in between, the statement alone is the transaction.
        if (appends.stream().allMatch(StreamLog::isOneStatement)) {
            try (Connection connection = database.getConnection()) {
                String into = insert(
                        connection,
                        appends.stream()
                                .flatMap(append -> append.arrived().stream())
                                .toList(),
                        List.of());
                return appends.stream()
                        .map(append -> new Receipt(append.arrived().size(), 0, into))
                        .toList();
            }
        }
        return InTransaction.get(database, connection -> append(connection, appends));
    }

    private static boolean isOneStatement(Append append) {
        return append.key() == null && append.rejected().isEmpty() && append.log() == null;
    }

    /**
     * What the database knows.
     *
     * @param log what the log is known by
     * @param keys which rows are stored under some keys
     */
    record Known(String log, Map<String, RowNumbers> keys) {}

    /**
     * Which rows are stored under some keys, and in which log.
     *
     * @throws SQLException if the database refuses, or is away
     */
    Known known(Set<String> keys) throws SQLException {
        Map<String, RowNumbers> known = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(KNOWN)) {
            select.setString(1, stream);
            select.setString(2, stream);
            select.setArray(3, connection.createArrayOf("text", keys.toArray()));
            String now = "";
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    now = row.getString(1);
                    if (row.getString(2) != null) {
                        known.put(row.getString(2), RowNumbers.of(row.getString(3)));
                    }
                }
            }
            identity = now;
            return new Known(now, known);
        }
    }

    /** The same within a transaction that somebody else ends. */
    List<Receipt> append(Connection connection, List<Append> appends) throws SQLException {
        SilentSessions.endAfter(connection, SILENCE);
        requireLog(connection, appends);
        // Keys before partitions, each in order, so that no two processes wait for each other.
        Map<String, StreamKeys.Key> keys = StreamKeys.lock(connection, stream, appends);
        List<Long> duplicates = new ArrayList<>();
        List<ArrivedRow> rows = new ArrayList<>();
        List<@Nullable Long> keyIds = new ArrayList<>();
        for (Append append : appends) {
            StreamKeys.Key key = append.key() == null ? null : Objects.requireNonNull(keys.get(append.key()));
            long duplicate = 0;
            for (ArrivedRow row : append.arrived()) {
                if (key != null && !key.add(row.number())) {
                    duplicate++;
                } else {
                    rows.add(row);
                    keyIds.add(key == null ? null : key.id());
                }
            }
            duplicates.add(duplicate);
        }
        String into = insert(connection, rows, keys.isEmpty() ? List.of() : keyIds);
        StreamKeys.keep(connection, stream, keys);
        reject(connection, appends, keys);
        List<Receipt> receipts = new ArrayList<>();
        for (int at = 0; at < appends.size(); at++) {
            long duplicate = duplicates.get(at);
            receipts.add(new Receipt(appends.get(at).arrived().size() - duplicate, duplicate, into));
        }
        return receipts;
    }

    /**
     * Gives what the log is known by that has the rows.
     *
     * @param keyIds which key each row was sent with, null for none; empty if no row has one
     */
    private String insert(Connection connection, List<ArrivedRow> rows, List<@Nullable Long> keyIds)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(keyIds.isEmpty() ? insert : insertWithKeys)) {
            int last = 2;
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int4", rows.stream().map(ArrivedRow::partition).toArray(Integer[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", rows.stream().map(ArrivedRow::json).toArray(String[]::new)));
            if (!keyIds.isEmpty()) {
                statement.setArray(++last, connection.createArrayOf("bigint", keyIds.toArray()));
                statement.setArray(
                        ++last,
                        connection.createArrayOf(
                                "bigint",
                                IntStream.range(0, rows.size())
                                        .mapToObj(at -> keyIds.get(at) == null
                                                ? null
                                                : rows.get(at).number())
                                        .toArray()));
            }
            statement.setString(++last, stream);
            statement.setString(++last, stream);
            return identify(statement);
        }
    }

    /** A row that was corrected and stored under its key meanwhile is not rejected again. */
    private void reject(Connection connection, List<Append> appends, Map<String, StreamKeys.Key> known)
            throws SQLException {
        List<String> keys = new ArrayList<>();
        List<RejectedRow> rejected = new ArrayList<>();
        for (Append append : appends) {
            for (RejectedRow row : append.rejected()) {
                StreamKeys.Key key = append.key() == null ? null : known.get(append.key());
                if (key == null || !key.stored().contains(row.number())) {
                    keys.add(append.key());
                    rejected.add(row);
                }
            }
        }
        reject(connection, stream, keys, rejected);
    }

    /** Keeps rows that can't be used, each with its key, unless it is kept already. */
    static void reject(Connection connection, String stream, List<String> keys, List<RejectedRow> rejected)
            throws SQLException {
        if (rejected.isEmpty()) {
            return;
        }
        try (PreparedStatement reject = connection.prepareStatement(REJECT)) {
            reject.setString(1, stream);
            reject.setArray(2, connection.createArrayOf("text", keys.toArray()));
            reject.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", rejected.stream().map(RejectedRow::number).toArray()));
            reject.setArray(
                    4,
                    connection.createArrayOf(
                            "text", rejected.stream().map(RejectedRow::field).toArray()));
            reject.setArray(
                    5,
                    connection.createArrayOf(
                            "text", rejected.stream().map(RejectedRow::reason).toArray()));
            reject.setArray(
                    6,
                    connection.createArrayOf(
                            "text", rejected.stream().map(RejectedRow::row).toArray()));
            reject.executeUpdate();
        }
    }
}
