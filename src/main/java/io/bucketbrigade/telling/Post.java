package io.bucketbrigade.telling;

import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Troubles;
import io.bucketbrigade.settings.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Hands letters out to be sent, and keeps what became of them. Who has got a letter has a minute for it, in which nobody else
 * gets it. One that could not be sent is tried again, later each time, for ever: that it can't be told changes nothing about a
 * run. Routes call it by name.
 */
public final class Post {
    private static final Logger LOG = LoggerFactory.getLogger(Post.class);
    private static final int SECONDS_TO_SEND = 60;
    private static final int LONGEST_WAIT_SECONDS = 900;

    private static final String NEXT = """
            UPDATE brigade.outbox
            SET attempts = attempts + 1, due_at = clock_timestamp() + ? * interval '1 second'
            WHERE letter_id = (
                SELECT letter_id FROM brigade.outbox
                WHERE sent_at IS NULL AND due_at <= clock_timestamp() AND way = ANY (?)
                ORDER BY letter_id
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING letter_id, run_id, way, subject, body, attempts
            """;
    private static final String SENT =
            "UPDATE brigade.outbox SET sent_at = clock_timestamp(), error = NULL WHERE letter_id = ?";
    private static final String FAILED = """
            UPDATE brigade.outbox SET error = ?, due_at = clock_timestamp() + ? * interval '1 second' WHERE letter_id = ?
            """;

    private final DataSource database;
    private final Troubles troubles;
    private final List<String> ways;

    public Post(DataSource database, Troubles troubles, Settings settings) {
        this.database = database;
        this.troubles = troubles;
        this.ways = Outbox.ways(settings);
    }

    /**
     * The next letter that is to be sent; null if there is none.
     *
     * @throws SQLException if the database can't answer
     */
    public @Nullable Letter next() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(NEXT)) {
            update.setInt(1, SECONDS_TO_SEND);
            update.setArray(2, connection.createArrayOf("text", ways.toArray()));
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? new Letter(
                                row.getLong(1),
                                row.getLong(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getInt(6))
                        : null;
            }
        }
    }

    /**
     * A letter was taken by whom it was given to.
     *
     * @throws SQLException if the database can't answer; then it will be sent once more
     */
    public void sent(Letter letter) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(SENT)) {
            update.setLong(1, letter.id());
            update.executeUpdate();
        }
        troubles.over(telling(letter));
        LOG.info("Run {} was told by {}: {}", letter.runId(), letter.way(), letter.subject());
    }

    /**
     * A letter could not be sent.
     *
     * @throws SQLException if the database can't answer
     */
    public void failed(Letter letter, Throwable thrown) throws SQLException {
        Problem problem = Problems.of(thrown);
        String why = problem.kind() == Problem.Kind.INTERNAL ? words(thrown) : problem.sentence();
        if (troubles.began(telling(letter), why)) {
            LOG.warn("Run {} could not be told by {}: {} It is tried again.", letter.runId(), letter.way(), why);
        }
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(FAILED)) {
            update.setString(1, why);
            update.setInt(2, Math.min(LONGEST_WAIT_SECONDS, 1 << Math.min(letter.attempts(), 20)));
            update.setLong(3, letter.id());
            update.executeUpdate();
        }
    }

    /** Mail servers say in their exceptions what is wrong; the innermost one knows best. */
    private static String words(Throwable thrown) {
        Optional<SdkException> aws = Problems.find(thrown, SdkException.class);
        if (aws.isPresent()) {
            return Refusals.words(aws.get());
        }
        Throwable innermost = thrown;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message =
                String.valueOf(innermost.getMessage()).lines().findFirst().orElse("");
        return innermost.getClass().getSimpleName() + ": " + message + ".";
    }

    private static String telling(Letter letter) {
        return "telling by " + letter.way();
    }
}
