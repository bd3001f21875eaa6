package io.bucketbrigade.streams;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.streams.StreamBatch.LogRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tries rejected rows of a stream once more. A row that was never stored is stored, perhaps corrected. A row that a reader could not deal with
 * is given to that reader alone, because the others have it.
 */
final class StreamReplay {
    private static final String INTAKE = "intake";
    private static final int MOST_REASONS = 1000;
    private static final String IDS =
            "SELECT rejected_id FROM brigade.stream_rejected WHERE stream = ? ORDER BY rejected_id";
    private static final String ROW = """
            SELECT stage, row, coalesce(partition, 0), number, key, to_char(arrived AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   reason
            FROM brigade.stream_rejected
            WHERE stream = ? AND rejected_id = ?
            FOR UPDATE
            """;
    private static final String DONE = "DELETE FROM brigade.stream_rejected WHERE rejected_id = ?";
    private static final String STILL_REJECTED = """
            UPDATE brigade.stream_rejected SET reason = ? WHERE rejected_id = ?
            """;

    private final DataSource database;
    private final String stream;
    private final Intake intake;
    private final Map<String, StreamConsumer> readers;

    /** @param readers the routes of this process that read the stream, by the names of their positions */
    StreamReplay(DataSource database, String stream, Intake intake, Map<String, StreamConsumer> readers) {
        this.database = database;
        this.stream = stream;
        this.intake = intake;
        this.readers = Map.copyOf(readers);
    }

    /**
     * What became of rejected rows.
     *
     * @param replayed how many are no longer rejected
     * @param rejected how many still are
     * @param rows the first of these
     */
    record Replayed(long replayed, long rejected, List<StillRejected> rows) {}

    /** A row that is still rejected, and why. */
    record StillRejected(long id, String reason) {}

    private record Rejected(
            String stage, String row, @Nullable String key, LogRow place, String reason) {
        /** What does not even have the names of columns, or was not kept as it was sent, can only be corrected, and keeps its reason. */
        boolean canBeTried() {
            return !stage.equals(INTAKE) || (row.startsWith("{") && RowFormat.isKeptAsSent(row));
        }

        /** As its sender knows it, so that a request that is sent again does not store it twice. */
        Repeatable name(long id) {
            return key == null ? new Repeatable(Repeatable.REJECTED + id, 0) : new Repeatable(key, place.position());
        }
    }

    /**
     * Tries all of them, the oldest first.
     *
     * @throws Exception if the database refuses, or a reader fails for another reason than the row
     */
    Replayed all() throws Exception {
        List<Long> ids = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(IDS)) {
            select.setString(1, stream);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        long rejected = 0;
        List<StillRejected> rows = new ArrayList<>();
        long replayed = 0;
        for (long id : ids) {
            Outcome outcome = tryAgainAmongAll(id);
            if (outcome.reason() != null) {
                rejected++;
                if (rows.size() < MOST_REASONS) {
                    rows.add(new StillRejected(id, outcome.reason()));
                }
            } else if (outcome.isThere()) {
                replayed++;
            }
        }
        return new Replayed(replayed, rejected, rows);
    }

    /** What became of a row; a row that can't be tried must not keep the others from it. */
    private Outcome tryAgainAmongAll(long id) throws Exception {
        try {
            return tryAgain(id, null);
        } catch (Problem problem) {
            if (problem.kind() != Kind.CONFLICT) {
                throw problem;
            }
            return new Outcome(true, problem.sentence());
        }
    }

    /**
     * What became of a rejected row.
     *
     * @param isThere false if it was replayed or dismissed by somebody else meanwhile
     * @param reason why it is still rejected; null if it is not
     */
    private record Outcome(boolean isThere, @Nullable String reason) {}

    /**
     * Tries one of them.
     *
     * @param corrected the row to store instead; blank for the row as it was sent
     * @throws Problem if there is no such row, or it can't be replaced
     * @throws Exception if the database refuses, or a reader fails for another reason than the row
     */
    Replayed one(long id, String corrected) throws Exception {
        Outcome outcome = tryAgain(id, corrected.isBlank() ? null : corrected);
        if (!outcome.isThere()) {
            throw noRow(stream, id);
        }
        return outcome.reason() == null
                ? new Replayed(1, 0, List.of())
                : new Replayed(0, 1, List.of(new StillRejected(id, outcome.reason())));
    }

    private Outcome tryAgain(long id, @Nullable String corrected) throws Exception {
        return InTransaction.get(database, connection -> {
            Rejected rejected = find(connection, id);
            if (rejected == null) {
                return new Outcome(false, null);
            }
            if (corrected == null && !rejected.canBeTried()) {
                return new Outcome(true, rejected.reason());
            }
            String row = corrected == null ? rejected.row() : corrected;
            String reason = rejected.stage().equals(INTAKE)
                    ? intake.takeAgain(rejected.name(id), row)
                    : giveToReader(connection, rejected, corrected);
            if (reason == null) {
                end(connection, id);
            } else if (corrected == null) {
                keep(connection, id, reason);
            }
            return new Outcome(true, reason);
        });
    }

    private @Nullable String giveToReader(Connection connection, Rejected rejected, @Nullable String corrected)
            throws Exception {
        if (corrected != null) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The row is stored, and only the reader " + rejected.stage()
                            + " could not deal with it. It can't be replaced; remove what keeps the reader from it, and replay it without a body.");
        }
        StreamConsumer reader = readers.get(rejected.stage());
        if (reader == null) {
            throw new Problem(
                    Kind.CONFLICT,
                    "No route reads the stream " + stream + " as " + rejected.stage()
                            + " any more, so its rows can't be replayed.");
        }
        Exception failed = reader.replay(connection, rejected.place());
        return failed == null ? null : Problems.of(failed).sentence();
    }

    private @Nullable Rejected find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ROW)) {
            select.setString(1, stream);
            select.setLong(2, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                String json = row.getString(2);
                return new Rejected(
                        row.getString(1),
                        json,
                        row.getString(5),
                        new LogRow(row.getInt(3), row.getLong(4), String.valueOf(row.getString(6)), json),
                        row.getString(7));
            }
        }
    }

    static Problem noRow(String stream, long id) {
        return new Problem(
                Kind.MISSING,
                "There is no rejected row " + id + ". GET /streams/" + stream + "/rejected lists those there are.");
    }

    private static void end(Connection connection, long id) throws SQLException {
        try (PreparedStatement done = connection.prepareStatement(DONE)) {
            done.setLong(1, id);
            done.executeUpdate();
        }
    }

    private static void keep(Connection connection, long id, String reason) throws SQLException {
        try (PreparedStatement keep = connection.prepareStatement(STILL_REJECTED)) {
            keep.setString(1, reason);
            keep.setLong(2, id);
            keep.executeUpdate();
        }
    }
}
