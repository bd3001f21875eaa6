package io.bucketbrigade.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What people wait for: a start, and a change until it shows. */
final class Waiting {
    private static final int STARTS = 9;
    private static final int CHANGES = 50;
    private static final int IDLE_SECONDS = 20;

    private Waiting() {}

    static void measure(Report report, Path home, Path data) throws Exception {
        Path folder = data.resolve("waiting");
        Ours.remove(folder);
        List<Double> starts = new ArrayList<>();
        for (int start = -1; start < STARTS; start++) {
            try (Service service = new Service(home, folder)) {
                if (start >= 0) {
                    starts.add(service.secondsToFirstAnswer);
                }
            }
        }
        List<Double> changes = new ArrayList<>();
        double idle;
        try (Service service = new Service(home, folder)) {
            Path samples = home.resolve("samples").resolve("leaderboard");
            service.arrive("users.csv", Files.readString(samples.resolve("users.csv")));
            String messages = Files.readString(samples.resolve("messages.csv"));
            for (int change = -3; change < CHANGES; change++) {
                String author = Integer.toString(70_000 + change);
                service.arrive("messages.csv", messages + "9001," + author + ",2026-03-02T08:00:00Z,one more\n");
                double seconds = service.awaitBoard("\"user_id\":" + author + ",");
                if (change >= 0) {
                    changes.add(seconds);
                }
                // Not in step with the service's own checks.
                TimeUnit.MILLISECONDS.sleep(37L * (change + 3) % 500);
            }
            TimeUnit.SECONDS.sleep(15);
            double before = service.processorSeconds();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            idle = (service.processorSeconds() - before) / IDLE_SECONDS;
        }
        Figures started = new Figures(starts);
        Figures changed = new Figures(changes);
        report.section("Waiting", "What | median s | least s | most s");
        report.line("| ./brigade up until GET /leaderboard answers, database set up before | %s |", started.cells());
        report.line(
                "| messages.csv moved into the raw folder until GET /leaderboard shows it (%d changes) | %s |",
                CHANGES, changed.cells());
        report.line("");
        report.table("Target | value | | |");
        report.line("| start, median s | %s |", Report.verdict(started.median(), 1.5));
        report.line("| change, median s | %s |", Report.verdict(changed.median(), 0.7));
        report.line("| change, 95th percentile s | %s |", Report.verdict(changed.percentile95(), 1.2));
        report.line("| idle service, share of one core, checking every 250 ms | %s |", Report.verdict(idle, 0.02));
    }
}
