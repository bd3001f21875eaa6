package io.bucketbrigade.benchmarks;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Sales that are sent: one by one, in batches, at a steady rate, and as a file. All writers use one PostgreSQL with fsync on. */
final class Sales {
    /** Until the JIT compiler has nothing left to do for a call. */
    private static final int WARM_UP_SECONDS = 60;

    private static final int SECONDS = 10;
    private static final int REPETITIONS = 3;
    private static final int BATCH = 500;
    private static final int BATCHED_ROWS = 200_000;
    private static final int STEADY_RATE = 30_000;
    private static final int STEADY_SECONDS = 60;
    private static final int FILE_ROWS = 540_000;

    private final Path home;
    private final Path folder;
    private final int databasePort;
    private final String jdbc;
    private final HttpClient client = HttpClient.newHttpClient();

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
        try (Service service = service(Map.of())) {
            execute("CREATE TABLE bare_log (LIKE brigade.stream_transactions INCLUDING ALL)");
            execute("CREATE TABLE plain_log (position bigint GENERATED ALWAYS AS IDENTITY, partition smallint NOT NULL,"
                    + " arrived timestamptz NOT NULL DEFAULT now(), row json NOT NULL, PRIMARY KEY (partition, position, arrived))");
            execute("CREATE TABLE copied_log (LIKE brigade.stream_transactions INCLUDING ALL)");
            singleRows(report, service);
            batches(report, service);
            steady(report, service);
            file(report, service);
        }
    }

    private Service service(Map<String, String> more) throws Exception {
        Map<String, String> settings = new java.util.HashMap<>(more);
        settings.put("BRIGADE_DATABASE_URL", "postgresql://postgres:none@localhost:" + databasePort + "/postgres");
        return new Service(home, folder.resolve("service"), settings);
    }

    private void singleRows(Report report, Service service) throws Exception {
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
            Serving.wrk(service.address("/transactions"), script, WARM_UP_SECONDS);
            Serving.wrk("http://127.0.0.1:" + port + "/transactions", script, WARM_UP_SECONDS);
            awaitReaders();
            List<Double> ours99 = new ArrayList<>();
            List<Double> bare99 = new ArrayList<>();
            Map<String, Figures> figures = new Alternating()
                    .measuring("Bucket Brigade, with its readers at work", REPETITIONS, () -> {
                        Serving.Load load = Serving.wrk(service.address("/transactions"), script, SECONDS);
                        ours99.add(load.milliseconds99());
                        awaitReaders();
                        return load.rate();
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
                    Report.verdictAtLeast(all.get(0).median() / all.get(1).median(), 0.5));
            report.line(
                    "| rows per second, ours / one transaction per row | %s |",
                    Report.verdictAtLeast(all.get(0).median() / all.get(2).median(), 2.5));
            report.line("| p99 in ms, ours | %s |", Report.verdict(new Figures(ours99).median(), 10));
            report.line("| p99 in ms, Vert.x alone | %.3f | | |", new Figures(bare99).median());
        } finally {
            bare.destroy();
            bare.waitFor();
        }
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

    private void batches(Report report, Service service) throws Exception {
        List<String> rows = SentSales.jsonRows(BATCHED_ROWS, 200_000);
        Path copied = folder.resolve("copied.tsv");
        List<String> lines = new ArrayList<>();
        long[] positions = new long[8];
        for (String row : rows) {
            int partition = Math.floorMod(row.substring(0, 24).hashCode(), 8);
            lines.add(partition + "\t" + ++positions[partition] + "\t2026-11-27T08:00:00Z\t" + row);
        }
        Files.write(copied, lines);
        List<byte[]> bodies = bodies(rows);
        List<String> psql = List.of(
                "psql", "-q", "-h", "localhost", "-p", Integer.toString(databasePort), "-U", "postgres", "-d", "postgres", "-v",
                "ON_ERROR_STOP=1", "-c", "\\copy copied_log from '" + copied + "'");
        Map<String, Figures> figures = new Alternating()
                .measuring("Bucket Brigade, with its readers at work", REPETITIONS, () -> {
                    double seconds = seconds(() -> send(service, bodies, 0));
                    awaitReaders();
                    return BATCHED_ROWS / seconds;
                })
                .measuring("psql: \\copy into the same log", REPETITIONS, () -> {
                    execute("TRUNCATE copied_log");
                    return BATCHED_ROWS / seconds(() -> Processes.print(psql));
                })
                .run(1);
        report.section(
                "POST /transactions, arrays of " + BATCH + " rows from 8 connections, " + BATCHED_ROWS + " rows",
                "What | median rows/s | least | most");
        figures.forEach((name, figure) ->
                report.line("| %s | %.0f | %.0f | %.0f |", name, figure.median(), figure.least(), figure.most()));
        List<Figures> all = List.copyOf(figures.values());
        report.line("");
        report.table("Target | value | | |");
        report.line(
                "| rows per second, ours / psql | %s |",
                Report.verdictAtLeast(all.get(0).median() / all.get(1).median(), 0.4));
    }

    private static List<byte[]> bodies(List<String> rows) {
        List<byte[]> bodies = new ArrayList<>();
        for (int at = 0; at < rows.size(); at += BATCH) {
            bodies.add(("[" + String.join(",", rows.subList(at, Math.min(rows.size(), at + BATCH))) + "]").getBytes());
        }
        return bodies;
    }

    /**
     * Sends bodies from 8 connections.
     *
     * @param perSecond how many a second; 0 for as many as possible
     */
    private void send(Service service, List<byte[]> bodies, double perSecond) throws Exception {
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> senders = new ArrayList<>();
        for (int sender = 0; sender < 8; sender++) {
            senders.add(threads.submit(() -> {
                for (long at = next.getAndIncrement(); at < bodies.size(); at = next.getAndIncrement()) {
                    if (perSecond > 0) {
                        long due = start + (long) (at / perSecond * 1e9);
                        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                    }
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(URI.create(service.address("/transactions")))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofByteArray(bodies.get((int) at)))
                                    .build(),
                            BodyHandlers.ofString());
                    if (answer.statusCode() != 200 || !answer.body().contains("\"rejected\":0")) {
                        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
                    }
                }
                return null;
            }));
        }
        for (Future<?> sender : senders) {
            sender.get();
        }
        threads.shutdown();
    }

    private void steady(Report report, Service service) throws Exception {
        awaitReaders();
        List<byte[]> bodies = bodies(SentSales.jsonRows(STEADY_RATE * STEADY_SECONDS, 400_000));
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService beside = Executors.newFixedThreadPool(2);
        Future<List<Double>> lookups = beside.submit(() -> lookUp(service, ended));
        Future<List<Double>> lags = beside.submit(() -> lags(ended));
        double seconds = seconds(() -> send(service, bodies, STEADY_RATE / (double) BATCH));
        ended.set(true);
        double after = seconds(this::awaitReaders);
        Figures milliseconds = new Figures(lookups.get());
        List<Double> behind = lags.get();
        beside.shutdown();
        report.section(
                "Archive, store and warehouse at " + STEADY_RATE + " rows/s for " + STEADY_SECONDS + " s, arrays of " + BATCH,
                "What | value");
        report.line("| rows/s that were taken | %.0f |", STEADY_RATE * STEADY_SECONDS / seconds);
        report.line("| rows that the slower of store and warehouse was behind after 15, 30, 45 and 60 s | %.0f, %.0f, %.0f, %.0f |",
                behind.get(behind.size() / 4), behind.get(behind.size() / 2), behind.get(behind.size() * 3 / 4), behind.get(behind.size() - 1));
        report.line("| seconds from the last answer until all rows were in both | %.1f |", after);
        report.line("| GET of an invoice meanwhile, p50 ms | %.1f |", milliseconds.median());
        report.line("| p99 ms | %.1f |", milliseconds.notAbove(0.99));
    }

    private List<Double> lookUp(Service service, AtomicBoolean ended) throws Exception {
        List<Double> milliseconds = new ArrayList<>();
        for (int invoice = 200_100; !ended.get(); invoice++) {
            long start = System.nanoTime();
            service.read("/transactions/invoices/" + invoice);
            milliseconds.add((System.nanoTime() - start) / 1e6);
            Thread.sleep(10);
        }
        return milliseconds;
    }

    private List<Double> lags(AtomicBoolean ended) throws Exception {
        List<Double> rows = new ArrayList<>();
        while (!ended.get()) {
            Thread.sleep(250);
            rows.add((double) behind());
        }
        return rows;
    }

    private void file(Report report, Service service) throws Exception {
        awaitReaders();
        Path csv = SentSales.csv(folder.resolve("sales.csv"), FILE_ROWS, 3_000_000);
        long before = stored();
        double sent = seconds(() -> Processes.print(List.of(
                home.resolve("brigade").toString(), "send", csv.toString(), service.address("/transactions"))));
        double queryable = sent + seconds(this::awaitReaders);
        report.section("A file of " + FILE_ROWS + " rows by ./brigade send", "What | s");
        report.line("| until send ends | %.1f |", sent);
        report.line("| until the last row can be queried in store and warehouse | %.1f |", queryable);
        if (stored() - before != FILE_ROWS) {
            throw new IllegalStateException(stored() - before + " rows were stored");
        }
    }

    private static double seconds(Alternating.Task task) throws Exception {
        long start = System.nanoTime();
        task.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private void awaitReaders() throws SQLException, IOException, InterruptedException {
        while (behind() > 0) {
            Thread.sleep(20);
        }
    }

    /** How many rows store or warehouse has not dealt with; the archive waits for a minute on purpose. */
    private long behind() throws SQLException {
        return number("SELECT coalesce(max(rows), 0) FROM (SELECT sum(p.position - r.position) AS rows FROM brigade.stream_readers r"
                + " JOIN brigade.stream_partitions p USING (stream, partition) WHERE r.reader <> 'archive' GROUP BY r.reader)"
                + " AS readers");
    }

    private long stored() throws SQLException {
        return number("SELECT coalesce(sum(position), 0) FROM brigade.stream_partitions");
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
