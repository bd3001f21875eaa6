package io.bucketbrigade.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures all and writes RESULTS.md: DATA [PART…], where the parts are those below. */
final class Benchmarks {
    private static final List<String> PARTS = 
            List.of("counting", "commands", "table", "serving", "waiting", "page", "buckets", "stocks", "orders", "sales", "bulk", "lake", "dashboard", "jmh");

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of("").toAbsolutePath();
        Path data = Path.of(arguments[0]);
        List<String> parts = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : PARTS;
        long start = System.nanoTime();
        Report report = new Report();
        report.line("# Results");
        report.line("");
        report.line("Written by `benchmarks/run` on %s. What is measured and how, and why what missed its target did, is in README.md.", LocalDate.now());
        report.line("");
        report.line(
                "%s, %d cores, %.0f GiB; Linux %s; JDK %s; DuckDB 2.0.0.1 over JDBC, FastCSV 4.1.0, PostgreSQL %s (embedded); page"
                        + " cache warm. Seconds are medians of alternating repetitions.",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                memory(),
                System.getProperty("os.version"),
                System.getProperty("java.runtime.version"),
                "18.4");
        for (String part : parts) {
            switch (part) {
                case "counting" ->
                    new Counting(data)
                            .measure(report, home, home.resolve("benchmarks").resolve("seconds.svg"));
                case "commands" -> new Commands(home, data).measure(report);
                case "table" -> Table.measure(report, data);
                case "serving" -> new Serving(home, data).measure(report);
                case "waiting" -> Waiting.measure(report, home, data);
                case "page" -> new Pages(home, data).measure(report);
                case "buckets" -> new Buckets(home, data).measure(report);
                case "stocks" -> {
                    Stocks.measure(report, home, data);
                    StockTable.measure(report, home, data);
                }
                case "stock-table" -> StockTable.measure(report, home, data);
                case "orders" -> Orders.measure(report, home, data);
                case "sales" -> Sales.measure(report, home, data);
                case "bulk" -> BulkImport.measure(report, home, data);
                case "lake" -> Lake.measure(report, home, data);
                case "lake-large" -> Lake.measureLarge(report, home, data);
                case "dashboard" -> Dashboard.measure(report, home, data);
                case "jmh" -> jmh(report);
                default -> throw new IllegalArgumentException(part + " is not one of " + PARTS);
            }
        }
        report.line("");
        report.line("All of this took %.0f minutes.", (System.nanoTime() - start) / 6e10);
        if (parts.equals(PARTS)) {
            Files.writeString(home.resolve("benchmarks").resolve("RESULTS.md"), report.toString());
        }
    }

    private static void jmh(Report report) throws Exception {
        report.section(
                "Scanning and counting alone (JMH, one thread, 200 000 rows in memory)", "Ids | Contents | ms | ±");
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(CountBenchmark.class.getName())
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            report.line(
                    "| %s | %s | %.2f | %.2f |",
                    result.getParams().getParam("ids"),
                    result.getParams().getParam("contents"),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError());
        }
    }

    private static String processor() throws Exception {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceAll(".*:\\s*", ""))
                .findFirst()
                .orElse(System.getProperty("os.arch").toLowerCase(Locale.ROOT));
    }

    private static double memory() throws Exception {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.startsWith("MemTotal"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                        .sum()
                / (1 << 20);
    }
}
