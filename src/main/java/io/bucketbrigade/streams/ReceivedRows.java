package io.bucketbrigade.streams;

import io.bucketbrigade.buffers.ReceivedRow;
import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings rows from a buffer into the log. Anybody may have put them there, so they are checked like those that are sent, and what can't be used
 * is kept as rejected, with the place where it was.
 */
final class ReceivedRows {
    private static final int TOO_MANY_TO_BE_WRONG = 10;

    private final RowFormat format;
    private final StreamLog log;
    private final String source;

    /** @param source the buffer, for people */
    ReceivedRows(RowFormat format, StreamLog log, String source) {
        this.format = format;
        this.log = log;
        this.source = source;
    }

    private record Checked(
            @Nullable String key,
            @Nullable ArrivedRow arrived,
            @Nullable RejectedRow rejected,
            String place) {}

    /**
     * What became of rows.
     *
     * @param stored of those that can be used
     * @param rejected how many can't be
     */
    record Outcome(Receipt stored, int rejected) {
        Outcome plus(Outcome other) {
            return new Outcome(stored.plus(other.stored), rejected + other.rejected);
        }
    }

    /**
     * Stores rows within a transaction that the caller ends.
     *
     * @throws SQLException if the database refuses for another reason than a value, or is away
     */
    Outcome store(Connection connection, List<ReceivedRow> rows) throws SQLException {
        List<Checked> checked = rows.stream().map(this::check).toList();
        List<Exception> refused = new ArrayList<>();
        Outcome outcome = store(connection, checked, refused);
        if (refused.size() == rows.size() && rows.size() >= TOO_MANY_TO_BE_WRONG) {
            throw (SQLException) refused.get(0);
        }
        return outcome;
    }

    /** Halves what the database refuses because of a value until the row is found. */
    private Outcome store(Connection connection, List<Checked> rows, List<Exception> refused) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Receipt receipt = log.append(connection, appends(rows)).stream().reduce(Receipt.NOTHING, Receipt::plus);
            connection.releaseSavepoint(before);
            return new Outcome(receipt, (int)
                    rows.stream().filter(row -> row.rejected() != null).count());
        } catch (SQLException e) {
            if (!StreamConsumer.isAboutValues(e)) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            if (rows.size() > 1) {
                int half = rows.size() / 2;
                return store(connection, rows.subList(0, half), refused)
                        .plus(store(connection, rows.subList(half, rows.size()), refused));
            }
            refused.add(e);
            Checked row = rows.get(0);
            ArrivedRow arrived = row.arrived();
            if (arrived == null) {
                throw e;
            }
            RejectedRow rejected =
                    rejected(arrived.number(), "The database can't store the row.", arrived.json(), row.place());
            return store(connection, List.of(new Checked(row.key(), null, rejected, row.place())), refused);
        }
    }

    /** Rows that follow each other and have the same key are one; all keep their order. */
    private static List<Append> appends(List<Checked> rows) {
        List<Append> appends = new ArrayList<>();
        for (Checked row : rows) {
            Append last = appends.isEmpty() ? null : appends.get(appends.size() - 1);
            if (last == null || !Objects.equals(last.key(), row.key())) {
                last = new Append(row.key(), new ArrayList<>(), new ArrayList<>(), new CompletableFuture<>());
                appends.add(last);
            }
            if (row.arrived() != null) {
                last.arrived().add(row.arrived());
            }
            if (row.rejected() != null) {
                last.rejected().add(row.rejected());
            }
        }
        return appends;
    }

    private Checked check(ReceivedRow row) {
        byte[] text = row.text().array();
        Repeatable name;
        try {
            name = Repeatable.received(row.key(), row.number());
        } catch (Problem unusable) {
            return new Checked(null, null, rejected(0, unusable.sentence(), shown(text), row.place()), row.place());
        }
        Rows into = new Rows();
        try {
            format.read(name.first(), RowFormat.json(text), into);
        } catch (IOException notJson) {
            into.add(new RejectedRow(name.first(), null, "The row is not a JSON object.", shown(text)));
        }
        if (into.rejected().isEmpty()) {
            return new Checked(name.key(), into.arrived().get(0), null, row.place());
        }
        RejectedRow why = into.rejected().get(0);
        return new Checked(
                name.key(),
                null,
                new RejectedRow(why.number(), why.field(), placed(why.reason(), row.place()), why.row()),
                row.place());
    }

    private RejectedRow rejected(long number, String reason, String row, String place) {
        return new RejectedRow(number, null, placed(reason, place), row);
    }

    private String placed(String reason, String place) {
        return reason + " (" + source + ", " + place + ")";
    }

    private static String shown(byte[] text) {
        return RowFormat.shortened(new String(text, StandardCharsets.UTF_8));
    }
}
