package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bucketbrigade.support.RawCall;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Callers who take their time, by design or because they mean harm. The long form: {@code -Dconnections.idle=10000} */
@Tag("slow")
class SlowCallersTest {
    private static final int IDLE = Integer.getInteger("connections.idle", 500);

    @TempDir
    private Path folder = Path.of("");

    private static Socket connect(TestService service, String start) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                URI.create(service.address("/")).getPort());
        socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.getOutputStream().write("X-Drip: 1\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(1);
            InputStream in = socket.getInputStream();
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void a_connection_on_which_no_whole_request_comes_is_closed_and_nobody_else_is_kept_waiting() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            List<Socket> dripping = new ArrayList<>();
            for (int caller = 0; caller < IDLE; caller++) {
                dripping.add(
                        connect(service, caller % 2 == 0 ? "" : "GET /leaderboard HTTP/1.1\r\nHost: localhost\r\n"));
            }
            dripping.add(
                    connect(
                            service,
                            "POST /feed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
            Socket stalled = connect(
                    service,
                    "POST /transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
            assertThat(service.get("/leaderboard").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> dripping.stream().allMatch(SlowCallersTest::isClosed));
            stalled.setSoTimeout(60_000);
            assertThat(new String(stalled.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 Request Timeout\r\n")
                    .contains("The body did not arrive within 30 s. Send it again.");
            assertThat(service.get("/leaderboard").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_fifth_file_is_asked_to_come_again_while_four_are_being_taken() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            List<Socket> sending = new ArrayList<>();
            for (int sender = 0; sender < 4; sender++) {
                sending.add(connect(
                        service,
                        "PUT /raw/leaderboard/users.csv HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                                + "Content-Length: 1000\r\n\r\nuser_id"));
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(service.send(service.request("/raw/leaderboard/users.csv")
                                            .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("nonsense\n")))
                                    .statusCode())
                            .isEqualTo(429));
            for (Socket socket : sending) {
                socket.close();
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(service.send(service.request("/raw/leaderboard/users.csv")
                                            .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("nonsense\n")))
                                    .statusCode())
                            .isEqualTo(422));
        }
    }

    @Test
    void while_the_service_stops_every_call_is_asked_to_come_again_later() throws Exception {
        TestService service = new TestService(folder, Map.of());
        try (Socket keepsItUp = connect(
                service,
                "POST /transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                        + "Content-Length: 1000\r\n\r\n{}")) {
            Thread stopping = new Thread(service::close);
            stopping.start();
            Set<String> answers = new HashSet<>();
            while (stopping.isAlive()) {
                try {
                    String answer = RawCall.exchange(
                            service.port(),
                            "GET /streams/transactions/rejected HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                    answers.add(answer.lines().findFirst().orElse("closed"));
                    if (answer.startsWith("HTTP/1.1 503")) {
                        assertThat(answer).contains("Retry-After: 5", "application/problem+json", "is stopping");
                        keepsItUp.close();
                    }
                } catch (IOException closed) {
                    answers.add("closed");
                }
            }
            assertThat(answers)
                    .contains("HTTP/1.1 503 Service Unavailable")
                    .isSubsetOf("HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable", "closed");
        }
    }

    @Test
    void a_caller_who_leaves_or_sends_what_is_no_chunk_is_not_an_error_of_the_service() throws Exception {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger gate = (Logger) LoggerFactory.getLogger("io.bucketbrigade");
        try (TestService service = new TestService(folder, Map.of())) {
            logged.start();
            gate.addAppender(logged);
            for (String type : List.of("application/json", "application/x-ndjson")) {
                String head = "POST /transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n";
                connect(service, head + "Content-Length: 1000\r\n\r\n[{\"Inv").close();
                connect(service, head + "Transfer-Encoding: chunked\r\n\r\n8\r\n[{\"In")
                        .close();
                for (String broken : List.of("zz\r\n[{", "5\r\n[{\"a\"}}}}\r\n", "fffffffffff\r\n[{")) {
                    String request = head + "Transfer-Encoding: chunked\r\n\r\n" + broken;
                    String answer = await().atMost(Duration.ofSeconds(60))
                            .until(
                                    () -> RawCall.exchange(service.port(), request),
                                    received -> !received.startsWith("HTTP/1.1 429 "));
                    assertThat(answer)
                            .as(type + " " + broken)
                            .startsWith("HTTP/1.1 400 ")
                            .contains("application/problem+json", "something else came");
                }
            }
            assertThat(service.get("/runs").statusCode()).isEqualTo(200);
        } finally {
            gate.detachAppender(logged);
        }
        assertThat(logged.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }
}
