package io.bucketbrigade.benchmarks;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Sales that are sent: one by one, in arrays, at a steady rate, and as a file. All writers use one PostgreSQL with fsync on. */
final class Sales {
    /** Until the JIT compiler has nothing left to do for a call. */
    private static final int WARM_UP_SECONDS = 60;

    /** Writes a log and does nothing else, like those beside it. */
    private static final String OURS = "Bucket Brigade, nothing reads the log";

    private static final String OURS_AT_WORK = "Bucket Brigade, with store, warehouse and archive at work";

    private static final int SECONDS = 10;
    private static final int REPETITIONS = 3;
    private static final int BATCHED_ROWS = 200_000;
    private static final int FILE_ROWS = 540_000;

    private final Path home;
    private final Path folder;
    private final int databasePort;
    private final String jdbc;

    private Sales(Path home, Path folder, int databasePort) {
        this.home = home;
        this.folder = folder;
        this.databasePort = databasePort;
        this.jdbc = "jdbc:postgresql://localhost:" + databasePort + "/postgres?user=postgres";
    }

    static void measure(Report report, Path home, Path data) throws Exception {
        Path folder = data.resolve("sales");
        Ours.remove(folder);
        Files.createDirectories(folder);
        int port = Service.freePort();
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), port))) {
            Sales sales = new Sales(home, folder, port);
            sales.measure(report);
        }
    }

    private void measure(Report report) throws Exception {
        try (Service service = new Service(
                home,
                folder.resolve("service"),
                Map.of("BRIGADE_DATABASE_URL", "postgresql://postgres:none@localhost:" + databasePort + "/postgres"))) {
            SalesTarget target = new SalesTarget(service, jdbc);
            target.execute("CREATE TABLE bare_log (LIKE brigade.stream_transactions INCLUDING ALL)");
            target.execute("CREATE TABLE plain_log (position bigint GENERATED ALWAYS AS IDENTITY, partition smallint NOT NULL,"
                    + " arrived timestamptz NOT NULL DEFAULT now(), row json NOT NULL, PRIMARY KEY (partition, position, arrived))");
            target.execute("CREATE TABLE copied_log (LIKE brigade.stream_transactions INCLUDING ALL)");
            singleRows(report, target);
            arrays(report, target);
            new SteadySales(target).measure(report);
            file(report, target);
        }
    }

    private void singleRows(Report report, SalesTarget target) throws Exception {
        Path script = folder.resolve("post.lua");
        Path rows = folder.resolve("rows.ndjson");
        Files.write(rows, SentSales.jsonRows(20_000, 100_000));
        Files.writeString(script, """
                wrk.method = "POST"
                wrk.headers["Content-Type"] = "application/json"
                local rows = {}
                for line in io.lines("%s") do rows[#rows + 1] = line end
                local at = 0
                request = function()
                  at = at %% #rows + 1
                  return wrk.format(nil, nil, nil, rows[at])
                end
                """.formatted(rows));
        int port = Service.freePort();
        Process bare = Processes.start(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareSales.class.getName(),
                        Integer.toString(port),
                        jdbc,
                        "bare_log"),
                folder.resolve("bare.log"));
        try {
            Serving.awaitPort(port);
            Serving.wrk(target.service().address("/transactions"), script, WARM_UP_SECONDS);
            Serving.wrk("http://127.0.0.1:" + port + "/transactions", script, WARM_UP_SECONDS);
            target.awaitReaders();
            List<Double> ours99 = new ArrayList<>();
            List<Double> atWork99 = new ArrayList<>();
            List<Double> bare99 = new ArrayList<>();
            Map<String, Figures> figures = new Alternating()
                    .measuring(OURS, REPETITIONS, () -> target.withoutReaders(() -> posts(target, script, ours99)))
                    .measuring(OURS_AT_WORK, REPETITIONS, () -> {
                        double rate = posts(target, script, atWork99);
                        target.awaitReaders();
                        return rate;
                    })
                    .measuring("Vert.x alone, group commit by hand", REPETITIONS, () -> {
                        Serving.Load load = Serving.wrk("http://127.0.0.1:" + port + "/transactions", script, SECONDS);
                        bare99.add(load.milliseconds99());
                        return load.rate();
                    })
                    .measuring("one transaction per row, 16 JDBC connections, no HTTP", REPETITIONS, () -> oneByOne(rows))
                    .run(0);
            report.section(
                    "POST /transactions, single rows (wrk, 32 connections, " + SECONDS + " s, after "
                            + WARM_UP_SECONDS + " s of the same), each on the disk when it is answered",
                    "What | median rows/s | least | most");
            figures.forEach((name, figure) -> report.line(
                    "| %s | %.0f | %.0f | %.0f |", name, figure.median(), figure.least(), figure.most()));
            List<Figures> all = List.copyOf(figures.values());
            report.line("");
            report.table("Target | value | | |");
            report.line(
                    "| rows per second, ours / Vert.x alone | %s |",
                    Report.verdictAtLeast(all.get(0).median() / all.get(2).median(), 0.5));
            report.line(
                    "| rows per second, ours / one transaction per row | %s |",
                    Report.verdictAtLeast(all.get(0).median() / all.get(3).median(), 2.5));
            report.line("| p99 in ms, ours | %s |", Report.verdict(new Figures(ours99).median(), 10));
            report.line("| p99 in ms, ours with its readers at work | %.3f | | |", new Figures(atWork99).median());
            report.line("| p99 in ms, Vert.x alone | %.3f | | |", new Figures(bare99).median());
        } finally {
            bare.destroy();
            bare.waitFor();
        }
    }

    private static double posts(SalesTarget target, Path script, List<Double> milliseconds99) throws Exception {
        Serving.Load load = Serving.wrk(target.service().address("/transactions"), script, SECONDS);
        milliseconds99.add(load.milliseconds99());
        return load.rate();
    }

    private double oneByOne(Path file) throws Exception {
        List<String> rows = Files.readAllLines(file);
        AtomicLong done = new AtomicLong();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 16; writer++) {
            int first = writer;
            writers.add(threads.submit(() -> {
                try (Connection connection = DriverManager.getConnection(jdbc);
                        PreparedStatement insert = connection.prepareStatement(
                                "INSERT INTO plain_log (partition, row) VALUES (?, ?::json)")) {
                    for (int at = first; System.nanoTime() < until; at += 16) {
                        String row = rows.get(at % rows.size());
                        insert.setInt(1, Math.floorMod(row.substring(0, 24).hashCode(), 8));
                        insert.setString(2, row);
                        insert.executeUpdate();
                        done.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();
        return done.get() / (double) SECONDS;
    }

    private void arrays(Report report, SalesTarget target) throws Exception {
        List<String> rows = SentSales.jsonRows(BATCHED_ROWS, 200_000);
        Path copied = folder.resolve("copied.tsv");
        List<String> lines = new ArrayList<>();
        long[] positions = new long[8];
        for (String row : rows) {
            int partition = Math.floorMod(row.substring(0, 24).hashCode(), 8);
            lines.add(partition + "\t" + ++positions[partition] + "\t2026-11-27T08:00:00Z\t" + row);
        }
        Files.write(copied, lines);
        List<byte[]> arrays = SalesTarget.arrays(rows);
        List<String> psql = List.of(
                "psql", "-q", "-h", "localhost", "-p", Integer.toString(databasePort), "-U", "postgres", "-d", "postgres", "-v",
                "ON_ERROR_STOP=1", "-c", "\\copy copied_log (partition, position, arrived, row) from '" + copied + "'");
        Map<String, Figures> figures = new Alternating()
                .measuring(
                        OURS,
                        REPETITIONS,
                        () -> target.withoutReaders(() -> BATCHED_ROWS / seconds(() -> target.send(arrays, 0))))
                .measuring(OURS_AT_WORK, REPETITIONS, () -> {
                    double seconds = seconds(() -> target.send(arrays, 0));
                    target.awaitReaders();
                    return BATCHED_ROWS / seconds;
                })
                .measuring("psql: \\copy into the same log", REPETITIONS, () -> {
                    target.execute("TRUNCATE copied_log");
                    return BATCHED_ROWS / seconds(() -> Processes.print(psql));
                })
                .run(1);
        report.section(
                "POST /transactions, arrays of " + SalesTarget.BATCH + " rows from 8 connections, " + BATCHED_ROWS + " rows",
                "What | median rows/s | least | most");
        figures.forEach((name, figure) ->
                report.line("| %s | %.0f | %.0f | %.0f |", name, figure.median(), figure.least(), figure.most()));
        List<Figures> all = List.copyOf(figures.values());
        report.line("");
        report.table("Target | value | | |");
        report.line(
                "| rows per second, ours / psql | %s |",
                Report.verdictAtLeast(all.get(0).median() / all.get(2).median(), 0.4));
    }

    private void file(Report report, SalesTarget target) throws Exception {
        target.awaitReaders();
        Path csv = SentSales.csv(folder.resolve("sales.csv"), FILE_ROWS, 3_000_000);
        long before = target.stored();
        double sent = seconds(() -> Processes.print(List.of(
                home.resolve("brigade").toString(), "send", csv.toString(), target.service().address("/transactions"))));
        double queryable = sent + seconds(target::awaitReaders);
        report.section("A file of " + FILE_ROWS + " rows by ./brigade send", "What | s");
        report.line("| until send ends | %.1f |", sent);
        report.line("| until the last row can be queried in store and warehouse | %.1f |", queryable);
        if (target.stored() - before != FILE_ROWS) {
            throw new IllegalStateException(target.stored() - before + " rows were stored");
        }
    }

    static double seconds(Alternating.Task task) throws Exception {
        long start = System.nanoTime();
        task.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
