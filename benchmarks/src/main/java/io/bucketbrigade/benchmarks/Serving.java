package io.bucketbrigade.benchmarks;

import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GET /leaderboard under load, beside Vert.x alone; and while new boards are loaded. */
final class Serving {
    private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99% +([0-9.]+)(us|ms|s)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)|Socket errors: (.*)");
    private static final int SECONDS = 10;

    private final Path home;
    private final Path data;

    Serving(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    /** What wrk saw: calls per second, and the milliseconds that 99 % of them did not exceed. */
    record Load(double rate, double milliseconds99) {}

    void measure(Report report) throws Exception {
        report.section(
                "GET /leaderboard under load (wrk, 32 connections, " + SECONDS + " s)",
                "Rows | Answer | ours per s | Vert.x alone per s | ours p99 ms | Vert.x alone p99 ms");
        List<String> verdicts = new ArrayList<>();
        Map<String, Load> layers = new LinkedHashMap<>();
        for (int rows : new int[] {10, 1000}) {
            Path folder = data.resolve("serving-" + rows);
            Ours.remove(folder);
            try (Service service = new Service(home, folder)) {
                service.arrive("users.csv", users(rows));
                service.arrive("messages.csv", messages(rows, 1));
                service.awaitBoard("\"user_id\":" + rows + ",");
                HttpResponse<String> answer = service.get("");
                Path body = Files.writeString(folder.resolve("board.json"), answer.body());
                int port = Service.freePort();
                Process bare = bare(port, body, folder);
                try {
                    awaitPort(port);
                    String bareAddress = "http://127.0.0.1:" + port + "/leaderboard";
                    String tag = answer.headers().firstValue("ETag").orElseThrow();
                    if (rows == 10) {
                        wrk(bareAddress, "X-Nothing: 1", 5);
                        layers.put("Vert.x alone", wrk(bareAddress, "X-Nothing: 1", SECONDS));
                    }
                    compare(report, verdicts, rows, "200", service.board, bareAddress, "X-Nothing: 1", "X-Nothing: 1");
                    compare(
                            report,
                            verdicts,
                            rows,
                            "304",
                            service.board,
                            bareAddress,
                            "If-None-Match: " + tag,
                            "If-None-Match: \"1\"");
                } finally {
                    bare.destroy();
                    bare.waitFor();
                }
                whileLoading(report, verdicts, service, rows);
                if (rows == 10) {
                    layers.put("the board by the request gate's shortcut", wrk(service.board, "X-Nothing: 1", SECONDS));
                    layers.put(
                            "through Camel: a file of the page (GET /page/page.css)",
                            wrk(service.address("/page/page.css"), "X-Nothing: 1", SECONDS));
                    layers.put(
                            "through Camel, with one row from the database (GET /runs/1)",
                            wrk(service.address("/runs/1"), "X-Nothing: 1", SECONDS));
                }
            }
        }
        report.line("");
        report.table("Target | value | | |");
        verdicts.forEach(report::line);
        report.line("");
        report.table("The price of each layer | calls per s | p99 ms");
        layers.forEach((name, load) -> report.line("| %s | %.0f | %.2f |", name, load.rate(), load.milliseconds99()));
    }

    private static void compare(
            Report report,
            List<String> verdicts,
            int rows,
            String status,
            String ours,
            String bare,
            String oursHeader,
            String bareHeader)
            throws Exception {
        wrk(ours, oursHeader, 3);
        wrk(bare, bareHeader, 3);
        Load bareLoad = wrk(bare, bareHeader, SECONDS);
        Load oursLoad = wrk(ours, oursHeader, SECONDS);
        report.line(
                "| %d | %s | %.0f | %.0f | %.2f | %.2f |",
                rows, status, oursLoad.rate(), bareLoad.rate(), oursLoad.milliseconds99(), bareLoad.milliseconds99());
        verdicts.add("| %d rows, %s: calls per second, ours / Vert.x alone | %s |"
                .formatted(rows, status, Report.verdictAtLeast(oursLoad.rate() / bareLoad.rate(), 0.4)));
        verdicts.add("| %d rows, %s: p99, ours / Vert.x alone | %s |"
                .formatted(rows, status, Report.verdict(oursLoad.milliseconds99() / bareLoad.milliseconds99(), 3)));
    }

    /** All authors have the same number of messages on every board, so a mixed one would show two numbers. */
    private static void whileLoading(Report report, List<String> verdicts, Service service, int rows) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<int[]> boards = CompletableFuture.supplyAsync(() -> check(service, done));
        CompletableFuture<Integer> loads = CompletableFuture.supplyAsync(() -> load(service, rows, done));
        Load load = wrk(service.board, "X-Nothing: 1", SECONDS);
        done.set(true);
        int[] seen = boards.get();
        report.line(
                "| %d | 200, while %d boards were loaded | %.0f | | %.2f | |",
                rows, loads.get(), load.rate(), load.milliseconds99());
        verdicts.add("| %d rows, while loading: mixed boards among %d compared, of %d versions | %s |"
                .formatted(rows, seen[0], seen[1], Report.verdict(seen[2], 0)));
    }

    private static int[] check(Service service, AtomicBoolean done) {
        Pattern count = Pattern.compile("\"messages\":([0-9]+)");
        TreeSet<String> versions = new TreeSet<>();
        int compared = 0;
        int mixed = 0;
        try {
            while (!done.get()) {
                Matcher matcher = count.matcher(service.get("").body());
                TreeSet<String> counts = new TreeSet<>();
                while (matcher.find()) {
                    counts.add(matcher.group(1));
                }
                versions.addAll(counts);
                compared++;
                mixed += counts.size() == 1 ? 0 : 1;
                Thread.sleep(5);
            }
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new int[] {compared, versions.size(), mixed};
    }

    private static int load(Service service, int rows, AtomicBoolean done) {
        int loads = 0;
        try {
            while (!done.get()) {
                loads++;
                service.arrive("messages.csv", messages(rows, loads + 1));
                service.awaitBoard("\"messages\":" + (loads + 1) + ",");
            }
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return loads;
    }

    private static Process bare(int port, Path body, Path folder) throws Exception {
        return Processes.start(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareServer.class.getName(),
                        Integer.toString(port),
                        body.toString()),
                folder.resolve("bare.log"));
    }

    static void awaitPort(int port) throws Exception {
        for (int attempt = 0; attempt < 1000; attempt++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (ConnectException notYet) {
                Thread.sleep(20);
            }
        }
        throw new IllegalStateException("nothing listens on " + port);
    }

    private static Load wrk(String address, String header, int seconds) throws Exception {
        return wrk(List.of("wrk", "-t1", "-c32", "-d" + seconds + "s", "--latency", "-H", header, address));
    }

    /** Makes the calls that a script of wrk says, from 32 connections. */
    static Load wrk(String address, Path script, int seconds) throws Exception {
        return wrk(List.of("wrk", "-t1", "-c32", "-d" + seconds + "s", "--latency", "-s", script.toString(), address));
    }

    private static Load wrk(List<String> command) throws Exception {
        TimeUnit.MILLISECONDS.sleep(500);
        String text = Processes.print(command);
        if (BAD.matcher(text).find()) {
            throw new IllegalStateException(text);
        }
        Matcher rate = RATE.matcher(text);
        Matcher p99 = P99.matcher(text);
        if (!rate.find() || !p99.find()) {
            throw new IllegalStateException(text);
        }
        double unit = Map.of("us", 0.001, "ms", 1.0, "s", 1000.0).get(p99.group(2));
        return new Load(Double.parseDouble(rate.group(1)), Double.parseDouble(p99.group(1)) * unit);
    }

    static String users(int users) {
        StringBuilder text = new StringBuilder("user_id,first_name,last_name\n");
        for (int user = 1; user <= users; user++) {
            text.append(user)
                    .append(",First")
                    .append(user)
                    .append(",Last")
                    .append(user)
                    .append('\n');
        }
        return text.toString();
    }

    static String messages(int users, int each) {
        StringBuilder text = new StringBuilder("message_id,author_id,received_at,content\n");
        for (int user = 1; user <= users; user++) {
            for (int message = 0; message < each; message++) {
                text.append(user).append(',').append(user).append(",2026-03-02T08:00:00Z,hello\n");
            }
        }
        return text.toString();
    }
}
