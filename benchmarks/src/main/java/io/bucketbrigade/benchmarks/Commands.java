package io.bucketbrigade.benchmarks;

import io.bucketbrigade.benchmarks.Processes.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whole processes of {@code ./brigade aggregate}: seconds and memory. */
final class Commands {
    private final Path home;
    private final Path data;

    Commands(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    void measure(Report report) throws Exception {
        Path folder = Counting.main(data);
        String threads = Integer.toString(Runtime.getRuntime().availableProcessors());
        List<String> duckDb = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DuckDb.class.getName(),
                folder.toString(),
                "duckdb.csv",
                threads);
        Map<String, Figures> big = new Alternating()
                .measuring("brigade aggregate", 7, () -> aggregate(folder, Map.of())
                        .seconds())
                .measuring("DuckDB over JDBC", 7, () -> Processes.run(Map.of(), duckDb)
                        .seconds())
                .run(1);
        report.section("Whole processes, 1.17 GB", "Process | median s | least s | most s");
        big.forEach((name, figures) -> report.line("| %s | %s |", name, figures.cells()));
        report.line("");
        report.table("Target | value | | |");
        report.line(
                "| brigade aggregate / DuckDB over JDBC | %s |",
                Report.verdict(
                        big.get("brigade aggregate").median()
                                / big.get("DuckDB over JDBC").median(),
                        0.8));
        sample(report);
        memory(report);
    }

    private void sample(Report report) throws Exception {
        Path samples = home.resolve("samples").resolve("leaderboard");
        String newer = System.getenv().getOrDefault("JAVA_25_HOME", "");
        Alternating alternating = new Alternating()
                .measuring("JDK " + Runtime.version().feature(), 15, () -> aggregate(samples, Map.of())
                        .seconds());
        if (!newer.isEmpty()) {
            alternating.measuring("JDK 25", 15, () -> aggregate(samples, Map.of("JAVA_HOME", newer))
                    .seconds());
        }
        Map<String, Figures> small = alternating.run(2);
        report.section("brigade aggregate of the ten-user sample, whole process", "JDK | median s | least s | most s");
        small.forEach((name, figures) -> report.line("| %s | %s |", name, figures.cells()));
        report.line("");
        report.table("Target | value | | |");
        small.forEach((name, figures) -> report.line(
                "| %s, median s | %s |", name, Report.verdict(figures.median(), name.equals("JDK 25") ? 0.35 : 0.5)));
        if (newer.isEmpty()) {
            report.line("");
            report.line("JDK 25 is missing: JAVA_25_HOME was not set.");
        }
    }

    private void memory(Report report) throws Exception {
        report.section("Memory of brigade aggregate", "Input | heap | seconds | peak resident MiB");
        List<Double> peaks = new ArrayList<>();
        for (int megabytes : new int[] {250, 1170, 4000}) {
            Path folder = Counting.skewed(data, megabytes);
            aggregate(folder, Map.of("BRIGADE_JAVA_OPTIONS", "-Xmx256m"));
            Outcome outcome = aggregate(folder, Map.of("BRIGADE_JAVA_OPTIONS", "-Xmx256m"));
            peaks.add(outcome.peakMebibytes());
            report.line(
                    "| %.2f GB, 100 000 authors | -Xmx256m | %.2f | %.0f |",
                    megabytes / 1000.0, outcome.seconds(), outcome.peakMebibytes());
        }
        Path many = Data.flat(data, 10_000_000, 15_000_000, "ten-million");
        Outcome outcome = aggregate(many, Map.of("BRIGADE_JAVA_OPTIONS", "-Xmx1300m"));
        report.line(
                "| %.2f GB, 10 000 000 authors | -Xmx1300m | %.2f | %.0f |",
                Files.size(many.resolve("messages.csv")) / 1e9, outcome.seconds(), outcome.peakMebibytes());
        report.line("");
        report.table("Target | value | | |");
        report.line("| peak at 4 GB / peak at 0.25 GB | %s |", Report.verdict(peaks.get(2) / peaks.get(0), 1.15));
        report.line("| 10 000 000 authors, GiB | %s |", Report.verdict(outcome.peakMebibytes() / 1024, 1.5));
    }

    private Outcome aggregate(Path folder, Map<String, String> environment) throws Exception {
        return Processes.run(
                environment,
                List.of(
                        home.resolve("brigade").toString(),
                        "aggregate",
                        folder.resolve("messages.csv").toString(),
                        folder.resolve("users.csv").toString(),
                        data.resolve("aggregate.csv").toString()));
    }
}
