package io.bucketbrigade.benchmarks;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Count, join, sort and write: in the running service, beside DuckDB, FastCSV and pandas. */
final class Counting {
    private static final int[] MEGABYTES = {250, 500, 1170, 2340, 4000};
    private static final int MAIN = 1170;

    private final Path data;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final boolean pandas;

    Counting(Path data) throws Exception {
        this.data = data;
        this.pandas = hasPandas();
    }

    static Path main(Path data) throws Exception {
        return skewed(data, MAIN);
    }

    static Path skewed(Path data, int megabytes) throws Exception {
        return Data.skewed(data, megabytes, Long::toString, "skewed-" + megabytes);
    }

    private static boolean hasPandas() throws Exception {
        try {
            Processes.print(List.of("python3", "-c", "import pandas"));
            return true;
        } catch (java.io.IOException | IllegalStateException missing) {
            return false;
        }
    }

    void measure(Report report, Path home, Path plot) throws Exception {
        Map<String, TreeMap<Double, Double>> series = new LinkedHashMap<>();
        Map<Integer, Double> perGigabyte = new TreeMap<>();
        try (Ours ours = new Ours(home);
                DuckDb duckDb = new DuckDb(threads)) {
            report.section(
                    "Counting, joining, sorting and writing, in the running service",
                    "File | What | median s | least s | most s | × DuckDB");
            Path warmUp = skewed(data, MEGABYTES[0]);
            for (int round = 0; round < 20; round++) {
                ours.rank(warmUp, "ours.csv");
                duckDb.rank(warmUp, "duckdb.csv", "BIGINT", true);
            }
            for (int megabytes : MEGABYTES) {
                Path folder = skewed(data, megabytes);
                double gigabytes = Files.size(folder.resolve("messages.csv")) / 1e9;
                boolean main = megabytes == MAIN;
                Alternating alternating = new Alternating()
                        .with("Bucket Brigade", 7, () -> ours.rank(folder, "ours.csv"))
                        .with("only counting, Bucket Brigade", 7, () -> ours.count(folder))
                        .with("DuckDB", 7, () -> duckDb.rank(folder, "duckdb.csv", "BIGINT", true))
                        .with(
                                "FastCSV, one thread",
                                main ? 7 : megabytes < MAIN ? 3 : 1,
                                () -> FastCsvTwin.rank(folder, "fastcsv.csv"));
                if (main) {
                    alternating.with("only reading the bytes", 7, () -> read(folder.resolve("messages.csv"), threads));
                }
                if (pandas) {
                    alternating.with("pandas", main ? 7 : 1, () -> pandas(folder));
                }
                Map<String, Figures> figures = alternating.run(megabytes <= MAIN ? 2 : 1);
                same(folder, "ours.csv", "duckdb.csv");
                same(folder, "ours.csv", "fastcsv.csv");
                double yardstick = figures.get("DuckDB").median();
                figures.forEach((name, figure) -> {
                    report.line(
                            "| %.2f GB | %s | %s | %.2f |",
                            gigabytes, name, figure.cells(), figure.median() / yardstick);
                    if (!name.startsWith("only")) {
                        series.computeIfAbsent(name, key -> new TreeMap<>()).put(gigabytes, figure.median());
                    }
                });
                perGigabyte.put(
                        megabytes, figures.get("only counting, Bucket Brigade").median() / gigabytes);
                if (main) {
                    judge(report, figures);
                    report.table("File | What | median s | least s | most s | × DuckDB");
                }
            }
            report.line("");
            if (!pandas) {
                report.line("pandas is missing in this table and in the plot: this machine's Python doesn't have it.");
                report.line("");
            }
            double cheapest = perGigabyte.values().stream().min(Double::compare).orElseThrow();
            double dearest = perGigabyte.values().stream().max(Double::compare).orElseThrow();
            report.table("Target | value | | |");
            report.line(
                    "| seconds per GB of counting from 0.25 to 4 GB, dearest over cheapest | %s |",
                    Report.verdict(dearest / cheapest, 1.15));
            ids(report, ours, duckDb);
        }
        Files.writeString(plot, Plot.of(series));
        report.line("");
        report.line("![Seconds over file size](seconds.svg)");
    }

    private void judge(Report report, Map<String, Figures> figures) {
        double ours = figures.get("Bucket Brigade").median();
        report.line("");
        report.table("Target | value | | |");
        report.line(
                "| Bucket Brigade / DuckDB, %d threads each (aim 0.33) | %s |",
                threads, Report.verdict(ours / figures.get("DuckDB").median(), 0.5));
        report.line(
                "| Bucket Brigade / FastCSV in one thread | %s |",
                Report.verdict(ours / figures.get("FastCSV, one thread").median(), 0.15));
        report.line(
                "| Bucket Brigade / only reading the bytes | %.2f | | |",
                ours / figures.get("only reading the bytes").median());
        report.line("");
    }

    private void ids(Report report, Ours ours, DuckDb duckDb) throws Exception {
        Path numbers = skewed(data, MAIN);
        long rows = rows(numbers);
        Path texts = Data.uuids(data, rows, "uuids");
        Map<String, Figures> figures = new Alternating()
                .with("numbers", 7, () -> ours.rank(numbers, "ours.csv"))
                .with("UUIDs", 7, () -> ours.rank(texts, "ours.csv"))
                .with(
                        "UUIDs, DuckDB, which refuses this file unless parallel = false",
                        1,
                        () -> duckDb.rank(texts, "duckdb.csv", "VARCHAR", false))
                .run(2);
        same(texts, "ours.csv", "duckdb.csv");
        report.section("Ids that are long text, the same number of rows", "Ids | median s | least s | most s");
        figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
        report.line("");
        report.table("Target | value | | |");
        double perByte =
                (double) Files.size(texts.resolve("messages.csv")) / Files.size(numbers.resolve("messages.csv"));
        report.line(
                "| UUIDs / numbers, per byte; the file is %.2f times as large | %.3f | | |",
                perByte, figures.get("UUIDs").median() / figures.get("numbers").median() / perByte);
        report.line(
                "| UUIDs / numbers | %s |",
                Report.verdict(
                        figures.get("UUIDs").median() / figures.get("numbers").median(), 1.5));
    }

    private static long rows(Path folder) throws Exception {
        long sum = 0;
        for (String line :
                Files.readAllLines(folder.resolve("ours.csv")).stream().skip(1).toList()) {
            sum += Long.parseLong(line.split(",")[1]);
        }
        return sum;
    }

    private static void same(Path folder, String one, String other) throws Exception {
        if (Files.mismatch(folder.resolve(one), folder.resolve(other)) >= 0) {
            throw new IllegalStateException(folder + ": " + one + " and " + other + " differ");
        }
    }

    private static void pandas(Path folder) throws Exception {
        Processes.print(List.of("python3", "benchmarks/pandas_twin.py", folder.toString(), "pandas.csv"));
    }

    /** As little as can be done with a file: its bytes into reused buffers of 4 MiB. */
    private static void read(Path file, int threads) throws Exception {
        int block = 4 << 20;
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            AtomicLong next = new AtomicLong();
            List<Thread> readers = new ArrayList<>();
            for (int reader = 0; reader < threads; reader++) {
                Thread thread = new Thread(() -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(block);
                    for (long at = next.getAndAdd(block); at < size; at = next.getAndAdd(block)) {
                        try {
                            channel.read(buffer.clear(), at);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                });
                thread.start();
                readers.add(thread);
            }
            for (Thread reader : readers) {
                reader.join();
            }
        }
    }
}
