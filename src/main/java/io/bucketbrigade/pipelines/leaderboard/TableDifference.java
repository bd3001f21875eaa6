package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Tally;
import io.bucketbrigade.database.Copy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** What a ranking changes in the current table leaderboard. */
final class TableDifference {
    /** Where somebody let the table have no number. */
    private static final long NONE = -1;

    private static final int SIGNATURE_AND_FLAGS = 15;
    private static final short END = -1;
    /** So many rows are put in the order of the table's key at a time, which halves the work of its index. */
    private static final int SORTED_AT_ONCE = 1 << 20;

    private final List<Standing> standings;
    private final BitSet known = new BitSet();
    private final BitSet changed = new BitSet();
    private final List<String> gone = new ArrayList<>();
    private final BoardChanges changes = new BoardChanges();
    private long rows;

    private TableDifference(List<Standing> standings) {
        this.standings = standings;
    }

    /**
     * Reads the table and compares it. It is read as binary, because text would have to be unescaped; "Binary Format" in
     * PostgreSQL's page on COPY says how that looks.
     *
     * @param table its name in SQL
     * @throws SQLException if it can't be read
     */
    static TableDifference between(Connection connection, String table, List<Standing> standings) throws SQLException {
        TableDifference difference = new TableDifference(standings);
        CopyOut rows = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT user_id::text, messages::bigint, name::text FROM " + table
                        + ") TO STDOUT (FORMAT binary)");
        try {
            difference.compare(rows);
        } catch (SQLException | RuntimeException e) {
            Copy.breakOff(connection, e);
            throw e;
        }
        return difference;
    }

    /** PostgreSQL sends one row at a time; the first comes behind the signature, and -1 fields are the end. */
    private void compare(CopyOut table) throws SQLException {
        Tally numbers = null;
        boolean first = true;
        for (byte[] sent = table.readFromCopy(); sent != null; sent = table.readFromCopy()) {
            ByteBuffer row = ByteBuffer.wrap(sent);
            if (first) {
                int extension = row.getInt(SIGNATURE_AND_FLAGS);
                row.position(SIGNATURE_AND_FLAGS + Integer.BYTES + extension);
                first = false;
            }
            if (row.hasRemaining() && row.getShort() != END) {
                if (numbers == null) {
                    numbers = numbers();
                }
                rows++;
                compare(numbers, sent, row);
            }
        }
    }

    /** The standings' numbers, from 1, by user id. */
    private Tally numbers() {
        Tally numbers = new Tally();
        for (int at = 0; at < standings.size(); at++) {
            byte[] userId = standings.get(at).userId().getBytes(StandardCharsets.UTF_8);
            numbers.add(userId, 0, userId.length, at + 1L);
        }
        return numbers;
    }

    private void compare(Tally numbers, byte[] bytes, ByteBuffer row) {
        int userIdLength = row.getInt();
        int userId = row.position();
        boolean hasMessages = row.position(userId + userIdLength).getInt() >= 0;
        long messages = hasMessages ? row.getLong() : NONE;
        int place = numbers.find(bytes, userId, userId + userIdLength);
        if (place < 0) {
            gone.add(new String(bytes, userId, userIdLength, StandardCharsets.UTF_8));
            changes.had(bytes, userId, userIdLength, messages);
            return;
        }
        int at = (int) numbers.count(place) - 1;
        Standing standing = standings.get(at);
        known.set(at);
        if (standing.messages() != messages) {
            changes.had(bytes, userId, userIdLength, messages);
        }
        int nameLength = row.getInt();
        byte[] name = standing.name().getBytes(StandardCharsets.UTF_8);
        boolean sameName = nameLength >= 0
                && Arrays.equals(name, 0, name.length, bytes, row.position(), row.position() + nameLength);
        if (standing.messages() != messages || !sameName) {
            changed.set(at);
        }
    }

    /** What becomes of whose number of messages; empty if there was no board before, or if it is too much to be kept. */
    Optional<byte[]> changes() {
        if (rows > 0) {
            for (int at = known.nextClearBit(0); at < standings.size(); at = known.nextClearBit(at + 1)) {
                changes.wasAbsent(standings.get(at).userId());
            }
        }
        Optional<byte[]> bytes = changes.bytes();
        return rows > 0 ? bytes : Optional.empty();
    }

    /** Whether writing all rows again is less work than changing those that differ. */
    boolean isMostOfTheTable() {
        return rows > 0 && 2L * (gone.size() + changed.cardinality()) > rows;
    }

    /** Whether rows go or change; else there are at most new ones. */
    boolean touchesOldRows() {
        return !gone.isEmpty() || !changed.isEmpty();
    }

    /** Rows that go, with no number of messages, and rows that change. */
    void writeGoneAndChanged(OutputStream out) throws IOException {
        for (String userId : gone) {
            StandingRows.writeGone(userId, out);
        }
        StandingRows.write(changed.stream().mapToObj(standings::get).toList(), out);
    }

    /** Rows of authors that the table doesn't have. */
    void writeNew(OutputStream out) throws IOException {
        write(known, out);
    }

    /** All rows. */
    void writeAll(OutputStream out) throws IOException {
        write(new BitSet(), out);
    }

    private void write(BitSet left, OutputStream out) throws IOException {
        int next = left.nextClearBit(0);
        while (next < standings.size()) {
            Standing[] stretch = new Standing[Math.min(SORTED_AT_ONCE, standings.size() - next)];
            int length = 0;
            while (length < stretch.length && next < standings.size()) {
                stretch[length++] = standings.get(next);
                next = left.nextClearBit(next + 1);
            }
            Standing[] sorted = Arrays.copyOf(stretch, length);
            Arrays.parallelSort(sorted, Comparator.comparing(Standing::userId));
            StandingRows.write(Arrays.asList(sorted), out);
        }
    }
}
