package io.bucketbrigade.telling;

import io.bucketbrigade.runs.RunReport;
import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.runs.Telling;
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
 * Writes letters about runs, in the transaction that ends the run; so there is a letter if and only if the run ended so.
 *
 * <p>A run that is tried again and again because of the same passing fault is told when it fails first, not each time.
 */
public final class Outbox implements Telling {
    private static final String INSERT = "INSERT INTO brigade.outbox (run_id, way, subject, body) VALUES (?, ?, ?, ?)";

    private final List<String> ways;
    private final Set<String> outcomes;
    private final Set<String> pipelines;
    private final String template;
    private final String prefix;
    private final String link;

    public Outbox(Settings settings) {
        this.ways = ways(settings);
        this.outcomes =
                Set.copyOf(Values.list(settings.text("brigade.notify.on").toLowerCase(Locale.ROOT)));
        this.pipelines = Set.copyOf(Values.list(settings.text("brigade.notify.pipelines")));
        this.template = settings.text("brigade.notify.subject");
        this.prefix = settings.text("brigade.notify.prefix");
        this.link = settings.text("brigade.notify.link").replaceAll("/+$", "");
    }

    /** The ways to tell that the settings name. */
    static List<String> ways(Settings settings) {
        List<String> ways = new ArrayList<>();
        if (!settings.text("brigade.mail.to").isEmpty()) {
            ways.add("mail");
        }
        if (!settings.text("brigade.sns.topic").isEmpty()) {
            ways.add("sns");
        }
        return ways;
    }

    @Override
    public void tell(Connection connection, RunReport report) throws SQLException {
        boolean wanted = outcomes.contains(report.outcome().name().toLowerCase(Locale.ROOT))
                && (pipelines.isEmpty() || pipelines.contains(report.run().pipeline()));
        boolean toldBefore = report.outcome() == Outcome.FAILURE && report.run().attempt() > 1;
        if (ways.isEmpty() || !wanted || toldBefore) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (String way : ways) {
                insert.setLong(1, report.run().id());
                insert.setString(2, way);
                insert.setString(3, LetterText.subject(template, prefix, report));
                insert.setString(4, LetterText.body(report, link));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
