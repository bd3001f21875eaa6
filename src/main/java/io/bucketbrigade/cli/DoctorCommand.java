package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.starting.Finding;
import io.bucketbrigade.starting.Finding.State;
import io.bucketbrigade.starting.OneShot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = {
            "Checks everything that the service needs, and says what to fix.",
            "The database, folders and buckets, the queue, the mail server, the port and the settings. Changes nothing, but leaves",
            "a small object in a result bucket."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  LEADERBOARD_RAW=s3://my-bucket brigade doctor"})
final class DoctorCommand extends ServiceCommand {

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings settings = Brigade.settings(environment(), Map.of());
        SortedMap<String, String> wrong = SettingsCheck.wrong(settings);
        List<Finding> findings = new ArrayList<>(
                wrong.values().stream().map(Finding::wrongSetting).toList());
        Settings usable = settings.withDefaults(wrong.keySet());
        if (SettingsCheck.wrong(usable, List.of()).isEmpty()) {
            try (OneShot camel =
                    new OneShot(usable, "", List.of(), usable.values().values(), null)) {
                findings.addAll(camel.checkup(usable, wrong.keySet()).findings());
            }
        }
        for (Finding finding : findings) {
            out().println(String.format("%-8s %s", finding.state().name().toLowerCase(Locale.ROOT), finding.what()));
            if (!finding.fix().isEmpty()) {
                out().println("         → " + finding.fix());
            }
        }
        boolean well = findings.stream().noneMatch(finding -> finding.state() == State.FAILED);
        out().println(well ? "All is well: ./brigade up can start." : "Fix what failed, then ./brigade up.");
        return well ? 0 : 1;
    }
}
