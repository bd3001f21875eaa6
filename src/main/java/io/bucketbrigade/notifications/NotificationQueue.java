package io.bucketbrigade.notifications;

import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.RunLog;
import io.bucketbrigade.runs.RunLog.Marked;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Hands out the notifications that are due, and keeps what became of them. Whoever gets one has a minute to send it, in which
 * nobody else gets it. What a run sends by one channel is sent in the order in which it was written. One that could not be sent is tried again, after a growing wait, for ever; it never makes a run fail.
 * Routes call it by name.
 */
public final class NotificationQueue {
    private static final Logger LOG = LoggerFactory.getLogger(NotificationQueue.class);
    private static final int SECONDS_TO_SEND = 60;
    private static final int LONGEST_WAIT_SECONDS = 900;

    private static final String NEXT = """
            UPDATE brigade.outbox
            SET attempts = attempts + 1, due_at = clock_timestamp() + ? * interval '1 second'
            WHERE letter_id = (
                SELECT letter_id
                FROM unnest(?::text[]) WITH ORDINALITY AS wanted (way, place), LATERAL (
                    SELECT letter_id, due_at FROM brigade.outbox due
                    WHERE sent_at IS NULL AND due_at <= clock_timestamp() AND due.way = wanted.way
                      AND NOT EXISTS (
                        SELECT FROM brigade.outbox earlier
                        WHERE earlier.run_id = due.run_id AND earlier.way = due.way AND earlier.letter_id < due.letter_id
                          AND earlier.sent_at IS NULL)
                    ORDER BY due_at
                    LIMIT 1
                    FOR UPDATE SKIP LOCKED) AS first
                ORDER BY place
                LIMIT 1)
            RETURNING letter_id, run_id, way, subject, body, attempts,
                      (SELECT pipeline FROM brigade.runs WHERE runs.run_id = outbox.run_id)
            """;
    private static final String WAITING = """
            SELECT way, count(*), extract(epoch FROM clock_timestamp() - min(written_at))
            FROM brigade.outbox WHERE sent_at IS NULL AND way = ANY (?) GROUP BY way
            """;
    private static final String SENT =
            "UPDATE brigade.outbox SET sent_at = clock_timestamp(), error = NULL WHERE letter_id = ?";
    private static final String FAILED = """
            UPDATE brigade.outbox
            SET error = CASE WHEN letter_id = ? THEN ? ELSE error END, due_at = clock_timestamp() + ? * interval '1 second'
            WHERE run_id = ? AND way = ? AND sent_at IS NULL
            """;

    private final DataSource database;
    private final Degradations degradations;
    private final List<String> channels;
    private final MeterRegistry meters;

    /** @param channels by which notifications are sent, those first that wait for no other */
    public NotificationQueue(
            DataSource database, Degradations degradations, List<String> channels, MeterRegistry meters) {
        this.database = database;
        this.degradations = degradations;
        this.channels = channels;
        this.meters = meters;
        for (String channel : channels) {
            attempts(channel, "sent");
            attempts(channel, "failed");
        }
    }

    private Counter attempts(String channel, String outcome) {
        return Counter.builder("brigade.notification.attempts")
                .description("Attempts of this instance to send a notification, by whether the server accepted it")
                .tags("channel", channel, "outcome", outcome)
                .register(meters);
    }

    /**
     * The notifications that are not sent yet, by channel.
     *
     * @throws SQLException if the database can't answer
     */
    public Map<String, Waiting> waiting() throws SQLException {
        Map<String, Waiting> waiting = new LinkedHashMap<>();
        channels.forEach(channel -> waiting.put(channel, new Waiting(0, 0)));
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(WAITING)) {
            select.setArray(1, connection.createArrayOf("text", channels.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.put(row.getString(1), new Waiting(row.getLong(2), row.getDouble(3)));
                }
            }
        }
        return waiting;
    }

    /**
     * Notifications that are not sent yet.
     *
     * @param notifications how many
     * @param oldestSeconds since when the oldest of them waits
     */
    public record Waiting(long notifications, double oldestSeconds) {}

    /**
     * The next notification that is to be sent; null if there is none.
     *
     * @throws SQLException if the database can't answer
     */
    public @Nullable Notification next() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(NEXT)) {
            update.setInt(1, SECONDS_TO_SEND);
            update.setArray(2, connection.createArrayOf("text", channels.toArray()));
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? new Notification(
                                row.getLong(1),
                                row.getLong(2),
                                row.getString(7),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getInt(6))
                        : null;
            }
        }
    }

    /**
     * The mail server or the topic accepted a notification.
     *
     * @throws SQLException if the database can't answer; then it will be sent once more
     */
    public void sent(Notification notification) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(SENT)) {
            update.setLong(1, notification.id());
            update.executeUpdate();
        }
        attempts(notification.channel(), "sent").increment();
        degradations.recovered(channelOf(notification));
        Marked marked = of(notification);
        try {
            LOG.info(
                    "The notification of run {} was sent by {}: {}",
                    notification.runId(),
                    notification.channel(),
                    notification.subject());
        } finally {
            marked.end();
        }
    }

    /**
     * A notification could not be sent.
     *
     * @throws SQLException if the database can't answer
     */
    public void failed(Notification notification, Throwable thrown) throws SQLException {
        Problem problem = Problems.of(thrown);
        String why = problem.kind() == Problem.Kind.INTERNAL ? words(thrown) : problem.sentence();
        attempts(notification.channel(), "failed").increment();
        if (degradations.degraded(channelOf(notification), why)) {
            Marked marked = of(notification);
            try {
                LOG.warn(
                        "The notification of run {} could not be sent by {}: {} It will be tried again.",
                        notification.runId(),
                        notification.channel(),
                        why);
            } finally {
                marked.end();
            }
        }
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(FAILED)) {
            update.setLong(1, notification.id());
            update.setString(2, why);
            update.setInt(3, Math.min(LONGEST_WAIT_SECONDS, 1 << Math.min(notification.attempts(), 20)));
            update.setLong(4, notification.runId());
            update.setString(5, notification.channel());
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
        return innermost.getClass().getSimpleName() + ": " + Problems.firstLine(innermost.getMessage()) + ".";
    }

    private static Marked of(Notification notification) {
        return RunLog.of(notification.pipeline(), notification.runId());
    }

    private static String channelOf(Notification notification) {
        return "notifications by " + notification.channel();
    }
}
