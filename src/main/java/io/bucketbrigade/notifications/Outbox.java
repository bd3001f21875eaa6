package io.bucketbrigade.notifications;

import io.bucketbrigade.runs.RunListener;
import io.bucketbrigade.runs.RunReport;
import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes notifications about runs, in the transaction that ends the run; so there is a notification if and only if the run ended so.
 *
 * <p>A run that is tried again and again because of the same transient fault is notified when it fails first, not each time.
 */
public final class Outbox implements RunListener {
    private static final String INSERT = "INSERT INTO brigade.outbox (run_id, way, subject, body) VALUES (?, ?, ?, ?)";

    private final List<String> channels;
    private final Set<String> outcomes;
    private final Set<String> pipelines;
    private final String template;
    private final String prefix;
    private final String link;

    public Outbox(Settings settings) {
        this.channels = channels(settings);
        this.outcomes =
                Set.copyOf(Values.list(settings.text("brigade.notify.on").toLowerCase(Locale.ROOT)));
        this.pipelines = Set.copyOf(Values.list(settings.text("brigade.notify.pipelines")));
        this.template = settings.text("brigade.notify.subject");
        this.prefix = settings.text("brigade.notify.prefix");
        this.link = settings.text("brigade.notify.link").replaceAll("/+$", "");
    }

    /** The channels that the settings name. */
    static List<String> channels(Settings settings) {
        List<String> channels = new ArrayList<>();
        if (!settings.text("brigade.mail.to").isEmpty()) {
            channels.add("mail");
        }
        if (!settings.text("brigade.sns.topic").isEmpty()) {
            channels.add("sns");
        }
        return channels;
    }

    @Override
    public void ended(Connection connection, RunReport report) throws SQLException {
        boolean wanted = outcomes.contains(report.outcome().name().toLowerCase(Locale.ROOT))
                && (pipelines.isEmpty() || pipelines.contains(report.run().pipeline()));
        boolean notifiedBefore =
                report.outcome() == Outcome.FAILURE && report.run().attempt() > 1;
        if (channels.isEmpty() || !wanted || notifiedBefore) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (String channel : channels) {
                insert.setLong(1, report.run().id());
                insert.setString(2, channel);
                insert.setString(3, NotificationText.subject(template, prefix, report));
                insert.setString(4, NotificationText.body(report, link));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
