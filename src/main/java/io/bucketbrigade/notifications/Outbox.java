package io.bucketbrigade.notifications;

import io.bucketbrigade.runs.RunListener;
import io.bucketbrigade.runs.RunReport;
import io.bucketbrigade.runs.RunReport.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/**
 * Writes notifications about runs, in the transaction that ends the run; so there is a notification if and only if the run ended so.
 *
 * <p>Inputs that are tried again and fail for the same reason are notified when that happens first, not each time.
 */
public final class Outbox implements RunListener {
    private static final String INSERT = "INSERT INTO brigade.outbox (run_id, way, subject, body) VALUES (?, ?, ?, ?)";
    private static final String FAILED_SO_BEFORE = """
            SELECT EXISTS (SELECT FROM brigade.runs earlier JOIN brigade.runs this USING (pipeline, task, fingerprint)
                           WHERE this.run_id = ? AND earlier.run_id < this.run_id AND earlier.error = ?)
            """;

    private final NotificationSettings settings;

    public Outbox(NotificationSettings settings) {
        this.settings = settings;
    }

    @Override
    public void ended(Connection connection, RunReport report) throws SQLException {
        Set<String> pipelines = settings.pipelines();
        boolean wanted = settings.outcomes().contains(report.outcome())
                && (pipelines.isEmpty() || pipelines.contains(report.run().pipeline()));
        if (settings.channels().isEmpty() || !wanted || wasNotified(connection, report)) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (String channel : settings.channels()) {
                insert.setLong(1, report.run().id());
                insert.setString(2, channel);
                insert.setString(
                        3,
                        settings.subject(
                                report.run().pipeline(),
                                report.outcome(),
                                Long.toString(report.run().id())));
                insert.setString(4, NotificationText.body(report, settings.link()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static boolean wasNotified(Connection connection, RunReport report) throws SQLException {
        if (report.outcome() != Outcome.FAILURE || report.run().attempt() == 1) {
            return false;
        }
        try (PreparedStatement select = connection.prepareStatement(FAILED_SO_BEFORE)) {
            select.setLong(1, report.run().id());
            select.setString(2, report.reason().replace("\0", ""));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
