package io.bucketbrigade.notifications;

import io.bucketbrigade.runs.RunListener;
import io.bucketbrigade.runs.RunReport;
import io.bucketbrigade.runs.RunReport.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/**
 * Writes notifications about runs, in the transaction that ends the run; so there is a notification if and only if the run ended so.
 *
 * <p>A run that is tried again and again because of the same transient fault is notified when it fails first, not each time.
 */
public final class Outbox implements RunListener {
    private static final String INSERT = "INSERT INTO brigade.outbox (run_id, way, subject, body) VALUES (?, ?, ?, ?)";

    private final NotificationSettings settings;

    public Outbox(NotificationSettings settings) {
        this.settings = settings;
    }

    @Override
    public void ended(Connection connection, RunReport report) throws SQLException {
        Set<String> pipelines = settings.pipelines();
        boolean wanted = settings.outcomes().contains(report.outcome())
                && (pipelines.isEmpty() || pipelines.contains(report.run().pipeline()));
        boolean notifiedBefore =
                report.outcome() == Outcome.FAILURE && report.run().attempt() > 1;
        if (settings.channels().isEmpty() || !wanted || notifiedBefore) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (String channel : settings.channels()) {
                insert.setLong(1, report.run().id());
                insert.setString(2, channel);
                insert.setString(3, NotificationText.subject(settings.subject(), settings.prefix(), report));
                insert.setString(4, NotificationText.body(report, settings.link()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
