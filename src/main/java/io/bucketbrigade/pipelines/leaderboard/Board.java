package io.bucketbrigade.pipelines.leaderboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The table leaderboard as JSON, most messages first. It is written once per run and kept as bytes: asking for it costs one
 * look at the ledger, whatever its size.
 */
public final class Board {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] HEAD = "{\"leaderboard\": [".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

    private static final String LATEST =
            "SELECT coalesce(max(run_id), 0) FROM brigade.runs WHERE pipeline = 'leaderboard' AND state = 'succeeded'";
    private static final String ROWS = "SELECT user_id, messages, name FROM leaderboard";

    private final DataSource database;
    private volatile @Nullable Page whole;

    public Board(DataSource database) {
        this.database = database;
    }

    /** The board as one run left it. */
    public static final class Page {
        /** The run that made it; 0 if there was none. */
        private final long run;
        /** The rows, each followed by a comma and a blank. */
        private final byte[] rows;
        /** Where each row starts, and one more: where the next would. */
        private final int[] starts;

        Page(long run, byte[] rows, int[] starts) {
            this.run = run;
            this.rows = rows;
            this.starts = starts;
        }

        /** Its version as an HTTP entity tag; it changes with every run. */
        public String entityTag() {
            return "\"" + run + "\"";
        }

        /**
         * Its rows as JSON.
         *
         * @param limit how many rows at most; null for all
         * @param offset how many rows to pass over; null for none
         */
        public byte[] json(@Nullable Integer limit, @Nullable Integer offset) {
            int count = starts.length - 1;
            int first = offset == null ? 0 : Math.min(offset, count);
            int last = limit == null ? count : (int) Math.min((long) first + limit, count);
            int length = first == last ? 0 : starts[last] - starts[first] - 2;
            byte[] json = Arrays.copyOf(HEAD, HEAD.length + length + TAIL.length);
            System.arraycopy(rows, starts[first], json, HEAD.length, length);
            System.arraycopy(TAIL, 0, json, HEAD.length + length, TAIL.length);
            return json;
        }
    }

    /**
     * The board as the latest run left it.
     *
     * @throws SQLException if the database can't answer
     */
    public Page latest() throws SQLException, IOException {
        try (Connection connection = database.getConnection()) {
            Page known = whole;
            if (known != null && known.run == latestRun(connection)) {
                return known;
            }
            Page read = read(connection);
            whole = read;
            return read;
        }
    }

    private static long latestRun(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LATEST);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Run and rows are read in one snapshot, so that the tag never stands for another run's rows. */
    private static Page read(Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        long run = latestRun(connection);
        List<Standing> board = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(ROWS)) {
            select.setFetchSize(10_000);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    board.add(new Standing(row.getString(1), row.getLong(2), row.getString(3)));
                }
            }
        }
        connection.commit();
        int[] order =
                BoardOrder.mostFirst(board.size(), author -> board.get(author).messages(), author -> board.get(author)
                        .userId());
        return write(run, board, order);
    }

    private static Page write(long run, List<Standing> board, int[] order) throws IOException {
        int[] starts = new int[board.size() + 1];
        ByteArrayOutputStream rows = new ByteArrayOutputStream(64 * board.size() + 16);
        try (JsonGenerator json = JSON.createGenerator(rows)) {
            json.setRootValueSeparator(null);
            for (int at = 0; at < board.size(); at++) {
                starts[at] = rows.size();
                writeRow(json, board.get(order[at]));
                json.flush();
                rows.write(',');
                rows.write(' ');
            }
        }
        starts[board.size()] = rows.size();
        return new Page(run, rows.toByteArray(), starts);
    }

    private static void writeRow(JsonGenerator json, Standing standing) throws IOException {
        json.writeStartObject();
        if (UserIds.isPlainNumber(standing.userId())) {
            json.writeNumberField("user_id", Long.parseLong(standing.userId()));
        } else {
            json.writeStringField("user_id", standing.userId());
        }
        json.writeNumberField("messages", standing.messages());
        json.writeStringField("name", standing.name());
        json.writeEndObject();
    }
}
