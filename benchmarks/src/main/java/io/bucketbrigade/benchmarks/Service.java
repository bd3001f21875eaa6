package io.bucketbrigade.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service, as {@code ./brigade up} starts it. */
final class Service implements AutoCloseable {
    final Path raw;
    final String board;
    final double secondsToFirstAnswer;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();

    Service(Path home, Path data) throws IOException, InterruptedException {
        this(home, data, Map.of());
    }

    /** @param settings what else it is started with, as environment variables */
    Service(Path home, Path data, Map<String, String> settings) throws IOException, InterruptedException {
        int port = freePort();
        raw = data.resolve("leaderboard").resolve("raw");
        board = "http://127.0.0.1:" + port + "/leaderboard";
        Files.createDirectories(data);
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("BRIGADE_DATA", data.toString());
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(port));
        long start = System.nanoTime();
        process = Processes.start(
                environment,
                List.of(home.resolve("brigade").toString(), "up"),
                data.resolve("service.log"));
        while (true) {
            try {
                if (get("").statusCode() == 200) {
                    break;
                }
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new IllegalStateException(Files.readString(data.resolve("service.log")), notYet);
                }
            }
            Thread.sleep(5);
        }
        secondsToFirstAnswer = (System.nanoTime() - start) / 1e9;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The address of another path. */
    String address(String path) {
        return URI.create(board).resolve(path).toString();
    }

    HttpResponse<String> get(String query) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(board + query)).build(), BodyHandlers.ofString());
    }

    /** What is at another path. */
    String read(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address(path))).build(), BodyHandlers.ofString())
                .body();
    }

    /** Puts a file into the raw folder as careful people do: written beside, then moved. */
    void arrive(String name, String content) throws IOException {
        Files.createDirectories(raw);
        Path beside = raw.resolve("." + name + ".part");
        Files.writeString(beside, content);
        Files.move(beside, raw.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Waits until the board holds that text, and says how long it took. */
    double awaitBoard(String text) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!get("").body().contains(text)) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60)) {
                throw new IllegalStateException("the board never showed " + text);
            }
            Thread.sleep(2);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** The most memory that was resident so far, in MiB, of the service itself. */
    double peakMebibytes() throws IOException {
        return Processes.peakKib(Path.of("/proc", Long.toString(process.pid()), "status")) / 1024.0;
    }

    /** Processor seconds used so far by the service itself; its PostgreSQL is a process of its own. */
    double processorSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
