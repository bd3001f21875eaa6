package io.bucketbrigade.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Six files of a city's cases into bronze, silver and gold: beside a script for DuckDB, written by hand for these files. */
final class Lake {
    private static final int CASES_PER_YEAR = 333_333;
    private static final int REPETITIONS = 3;
    private static final String CHANGED = "2018.csv";
    private static final Pattern RUN = Pattern.compile("\"started_at\"\\s*:\\s*\"([^\"]+)\".*?\"finished_at\"\\s*:\\s*\"([^\"]+)\"", Pattern.DOTALL);

    private Lake() {}

    static void measure(Report report, Path home, Path data) throws Exception {
        Path files = CaseData.files(data, CASES_PER_YEAR);
        Path raw = data.resolve("lake-raw");
        Path folder = data.resolve("lake-run");
        Path script = data.resolve("lake-script");
        List<Double> changes = new ArrayList<>();
        List<Double> peaks = new ArrayList<>();
        Map<String, Figures> figures = new Alternating()
                .measuring("Bucket Brigade, six new files", REPETITIONS, () -> {
                    Ours.remove(folder);
                    Ours.remove(raw);
                    link(files, raw);
                    try (Service service = new Service(
                            home, folder, Map.of("CITY_REQUESTS_RAW", raw.toString(), "CITY_REQUESTS_QUIET", "1s"))) {
                        double first = secondsOfRun(service, 1);
                        change(raw);
                        changes.add(secondsOfRun(service, 2));
                        peaks.add(service.peakMebibytes());
                        return first;
                    }
                })
                .measuring("the script for DuckDB", REPETITIONS, () -> {
                    Ours.remove(script);
                    Files.createDirectories(script);
                    return Double.parseDouble(Processes.print(List.of(
                                    ProcessHandle.current().info().command().orElse("java"),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    DuckLake.class.getName(),
                                    files.toString(),
                                    script.toString()))
                            .strip());
                })
                .run(0);
        report.section("Lake: six files of 2 M cases into bronze, silver and gold", "What | median s | least s | most s");
        figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
        report.line("| Bucket Brigade, one of six files changed | %s |", new Figures(changes).cells());
        double first = figures.get("Bucket Brigade, six new files").median();
        report.line("");
        report.table("Target | value | | |");
        report.line(
                "| Bucket Brigade / the script | %s |",
                Report.verdict(first / figures.get("the script for DuckDB").median(), 1.2));
        report.line("| one file changed / six new files | %s |", Report.verdict(new Figures(changes).median() / first, 0.3));
        report.line("| resident at most, GiB | %s |", Report.verdict(new Figures(peaks).median() / 1024, 1.5));
        CaseExpressions.measure(report, home, files);
    }

    /** Ten times as many cases, once: what it takes, and that the memory stays. */
    static void measureLarge(Report report, Path home, Path data) throws Exception {
        Path files = CaseData.files(data, 10 * CASES_PER_YEAR);
        Path folder = data.resolve("lake-run");
        Ours.remove(folder);
        long bytes = 0;
        try (Stream<Path> all = Files.list(files)) {
            for (Path file : all.toList()) {
                bytes += Files.size(file);
            }
        }
        try (Service service = new Service(home, folder, Map.of("CITY_REQUESTS_RAW", files.toString()))) {
            double seconds = secondsOfRun(service, 1);
            report.section("Lake: six files of 20 M cases, once", "What | |");
            report.line("| bytes of the files | %d |", bytes);
            report.line("| seconds | %.1f |", seconds);
            report.line("| resident at most, GiB | %s |", Report.verdict(service.peakMebibytes() / 1024, 1.5));
        } finally {
            Ours.remove(folder);
        }
    }

    private static void link(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".csv")).toList()) {
                Files.createLink(to.resolve(file.getFileName()), file);
            }
        }
    }

    /** One case more. */
    private static void change(Path raw) throws Exception {
        Path beside = Files.copy(raw.resolve(CHANGED), raw.resolveSibling("lake-changed.csv"), StandardCopyOption.REPLACE_EXISTING);
        String last = "999999999,2018-12-31 23:00:00,,,ONTIME,Open" + ",".repeat(24) + "\r\n";
        Files.writeString(beside, last, java.nio.file.StandardOpenOption.APPEND);
        Files.move(beside, raw.resolve(CHANGED), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static double secondsOfRun(Service service, int number) throws Exception {
        while (true) {
            String run = service.read("/runs/" + number);
            if (run.contains("\"failed\"")) {
                throw new IllegalStateException(run);
            }
            Matcher times = RUN.matcher(run);
            if (run.contains("\"succeeded\"") && times.find()) {
                return Duration.between(Instant.parse(times.group(1)), Instant.parse(times.group(2))).toMillis() / 1e3;
            }
            Thread.sleep(200);
        }
    }
}
