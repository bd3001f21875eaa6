package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.Finding;
import io.bucketbrigade.starting.Finding.State;
import io.bucketbrigade.starting.OneShot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = {
            "Looks whether everything is as the service needs it, and says what to mend.",
            "The database, folders and buckets, the queue, the mail server, the port and the settings. Changes nothing, but leaves",
            "a small object in a result bucket."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  LEADERBOARD_RAW=s3://my-bucket brigade doctor"})
final class DoctorCommand extends ServiceCommand {

    private static String[] places(Settings settings) {
        return settings.properties().values().stream().map(String::valueOf).toArray(String[]::new);
    }

    @Override
    public Integer call() throws Exception {
        Logging.onlyWarnings();
        Settings settings = settings(Map.of());
        List<Finding> findings;
        try (OneShot camel = new OneShot(settings, OneShot.withBuckets(List.of(), places(settings)), null)) {
            findings = camel.checkup(settings).findings();
        }
        for (Finding finding : findings) {
            out().println(String.format("%-8s %s", finding.state().name().toLowerCase(Locale.ROOT), finding.what()));
            if (!finding.mend().isEmpty()) {
                out().println("         → " + finding.mend());
            }
        }
        boolean well = findings.stream().noneMatch(finding -> finding.state() == State.FAILED);
        out().println(well ? "Nothing stands in the way of ./brigade up." : "Mend what failed, then ./brigade up.");
        return well ? 0 : 1;
    }
}
