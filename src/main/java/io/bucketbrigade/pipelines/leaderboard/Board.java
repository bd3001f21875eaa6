package io.bucketbrigade.pipelines.leaderboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bucketbrigade.database.TableSql;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.web.CachedAnswers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The table leaderboard as JSON, most messages first. It is written once per run and kept as bytes: asking for it costs one
 * query of the ledger, whatever its size, and for a moment after that nothing at all.
 */
public final class Board implements CachedAnswers {
    /** For this long, no other process is expected to have run the pipeline. */
    private static final long BELIEVED_NANOS = Duration.ofMillis(100).toNanos();
    /** While one call checks, others are answered from memory for at most this long. */
    private static final long CHECKED_NANOS = Duration.ofSeconds(1).toNanos();

    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] HEAD = "{\"leaderboard\": [".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BETWEEN = ", ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

    private static final String LATEST =
            "SELECT coalesce(max(run_id), 0) FROM brigade.runs WHERE pipeline = 'leaderboard' AND state = 'succeeded'";
    private static final String BEFORE = """
            SELECT differences, (SELECT run_id FROM brigade.runs
                                 WHERE pipeline = 'leaderboard' AND state = 'succeeded'
                                 ORDER BY run_id DESC OFFSET 1 LIMIT 1)
            FROM brigade.leaderboard_before
            """;

    private final DataSource database;
    private final Ledger ledger;
    private final String rows;
    private final AtomicBoolean someoneChecks = new AtomicBoolean();
    private volatile @Nullable Kept kept;

    /** @param schema the schema that the table is in */
    public Board(DataSource database, Ledger ledger, String schema) {
        this.database = database;
        this.ledger = ledger;
        this.rows = "SELECT user_id, messages, name FROM " + TableSql.qualified(schema, "leaderboard");
    }

    /** A page that was the latest when this process had seen so many runs end, at that time. */
    private record Kept(Page page, long endings, long checkedAt) {}

    /** The board as one run left it. */
    public static final class Page {
        /** The run that made it; 0 if there was none. */
        private final long run;
        /** All of it. */
        private final byte[] json;
        /** Where each row starts, and one more: where the next would. Between two rows are a comma and a blank. */
        private final int[] starts;
        /** Against the board before. */
        private final Movement movement;
        /** What most callers are answered. */
        private final Answer whole;

        Page(long run, byte[] json, int[] starts, Movement movement) {
            this.run = run;
            this.json = json;
            this.starts = starts;
            this.movement = movement;
            this.whole = new Answer(json, entityTag());
        }

        /** Its version as an HTTP entity tag; it changes with every run. */
        public String entityTag() {
            return "\"" + run + "\"";
        }

        /** Who went up and who went down, as JSON; limit and offset as for {@link #json}. */
        public byte[] moves(@Nullable Integer limit, @Nullable Integer offset) {
            return movement.json(limit, offset);
        }

        /**
         * Its rows as JSON.
         *
         * @param limit how many rows at most; null for all
         * @param offset how many rows to pass over; null for none
         */
        public byte[] json(@Nullable Integer limit, @Nullable Integer offset) {
            if (limit == null && offset == null) {
                return json;
            }
            int count = starts.length - 1;
            int first = offset == null ? 0 : Math.min(offset, count);
            int last = limit == null ? count : (int) Math.min((long) first + limit, count);
            int length = first == last ? 0 : starts[last] - starts[first] - BETWEEN.length;
            byte[] part = Arrays.copyOf(HEAD, HEAD.length + length + TAIL.length);
            System.arraycopy(json, starts[first], part, HEAD.length, length);
            System.arraycopy(TAIL, 0, part, HEAD.length + length, TAIL.length);
            return part;
        }
    }

    @Override
    public String operation() {
        return "getLeaderboard";
    }

    @Override
    public @Nullable Answer answer(UnaryOperator<@Nullable String> parameters) {
        Kept known = kept;
        if (known == null || known.endings != ledger.endings()) {
            return null;
        }
        long age = System.nanoTime() - known.checkedAt;
        if (age > BELIEVED_NANOS && (age > CHECKED_NANOS || someoneChecks.compareAndSet(false, true))) {
            return null;
        }
        Integer limit = number(parameters.apply("limit"));
        Integer offset = number(parameters.apply("offset"));
        return limit == null && offset == null
                ? known.page.whole
                : new Answer(known.page.json(limit, offset), known.page.entityTag());
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text == null ? null : Integer.valueOf(text);
    }

    /**
     * The board as the latest run left it.
     *
     * @throws SQLException if the database can't answer
     */
    public Page latest() throws SQLException, IOException {
        try (Connection connection = database.getConnection()) {
            long endings = ledger.endings();
            long run = latestRun(connection);
            Page page = keptPage(run);
            return page != null ? keep(page, endings) : readOnce(connection, run, endings);
        } finally {
            someoneChecks.set(false);
        }
    }

    private synchronized Page readOnce(Connection connection, long run, long endings) throws SQLException, IOException {
        Page page = keptPage(run);
        return keep(page != null ? page : read(connection), endings);
    }

    private Page keep(Page page, long endings) {
        kept = new Kept(page, endings, System.nanoTime());
        return page;
    }

    private @Nullable Page keptPage(long run) {
        Kept known = kept;
        return known != null && known.page.run == run ? known.page : null;
    }

    private static long latestRun(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LATEST);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Run and rows are read in one snapshot, so that the tag never belongs to another run's rows. */
    private Page read(Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
        long run = latestRun(connection);
        List<Standing> board = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(rows)) {
            select.setFetchSize(10_000);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    board.add(new Standing(row.getString(1), row.getLong(2), row.getString(3)));
                }
            }
        }
        int[] order =
                BoardOrder.mostFirst(board.size(), author -> board.get(author).messages(), author -> board.get(author)
                        .userId());
        Movement movement = movement(connection, run, board, order);
        connection.commit();
        return write(run, board, order, movement);
    }

    private static Movement movement(Connection connection, long run, List<Standing> board, int[] order)
            throws SQLException, IOException {
        try (PreparedStatement select = connection.prepareStatement(BEFORE);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Movement.between(run, row.getLong(2), board, order, BoardChanges.read(row.getBytes(1)))
                    : Movement.unknown(run);
        }
    }

    private static Page write(long run, List<Standing> board, int[] order, Movement movement) throws IOException {
        int[] starts = new int[board.size() + 1];
        ByteArrayOutputStream page = new ByteArrayOutputStream(64 * board.size() + 32);
        page.write(HEAD);
        try (JsonGenerator json = JSON.createGenerator(page)) {
            json.setRootValueSeparator(null);
            for (int at = 0; at < board.size(); at++) {
                if (at > 0) {
                    page.write(BETWEEN);
                }
                starts[at] = page.size();
                writeRow(json, board.get(order[at]));
                json.flush();
            }
        }
        starts[board.size()] = page.size() + BETWEEN.length;
        page.write(TAIL);
        return new Page(run, page.toByteArray(), starts, movement);
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
