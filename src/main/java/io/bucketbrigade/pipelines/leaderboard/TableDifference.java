package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Tally;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/** What a ranking changes in the table leaderboard as it stands. */
final class TableDifference {
    /** Binary, because text would have to be unescaped; "Binary Format" in PostgreSQL's page on COPY says how it looks. */
    private static final String CURRENT =
            "COPY (SELECT user_id, messages, name FROM leaderboard) TO STDOUT (FORMAT binary)";

    private static final int SIGNATURE_AND_FLAGS = 15;
    private static final short END = -1;
    /** So many rows are put in the order of the table's key at a time, which halves the work of its index. */
    private static final int SORTED_AT_ONCE = 1 << 20;

    private final List<Standing> standings;
    private final BitSet known = new BitSet();
    private final BitSet changed = new BitSet();
    private final List<String> gone = new ArrayList<>();
    private long rows;

    private TableDifference(List<Standing> standings) {
        this.standings = standings;
    }

    /**
     * Reads the table and compares it.
     *
     * @throws SQLException if it can't be read
     * @throws IOException if it can't be read
     */
    static TableDifference between(Connection connection, List<Standing> standings) throws SQLException, IOException {
        TableDifference difference = new TableDifference(standings);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(
                new PGCopyInputStream(connection.unwrap(PGConnection.class), CURRENT), 1 << 16))) {
            difference.compare(in);
        }
        return difference;
    }

    private void compare(DataInputStream in) throws IOException {
        Tally numbers = null;
        in.skipNBytes(SIGNATURE_AND_FLAGS);
        in.skipNBytes(in.readInt());
        while (in.readShort() != END) {
            byte[] userId = in.readNBytes(in.readInt());
            in.readInt();
            long messages = in.readLong();
            byte[] name = in.readNBytes(in.readInt());
            if (numbers == null) {
                numbers = numbers();
            }
            rows++;
            compare(numbers, userId, messages, name);
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

    private void compare(Tally numbers, byte[] userId, long messages, byte[] name) {
        int place = numbers.find(userId, 0, userId.length);
        if (place < 0) {
            gone.add(new String(userId, StandardCharsets.UTF_8));
            return;
        }
        int at = (int) numbers.count(place) - 1;
        Standing standing = standings.get(at);
        known.set(at);
        if (standing.messages() != messages || !Arrays.equals(standing.name().getBytes(StandardCharsets.UTF_8), name)) {
            changed.set(at);
        }
    }

    /** Whether writing all rows anew is less work than changing those that differ. */
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
