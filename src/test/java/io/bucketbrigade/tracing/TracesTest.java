package io.bucketbrigade.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestCollector;
import io.bucketbrigade.support.TestService;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a collector gets from a real service, and what the service does without one. */
@Tag("slow")
class TracesTest {
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";
    private static final String MESSAGES = "message_id,author_id,received_at,content\n1,1,x,y\n2,1,x,z\n";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.bucketbrigade");
    private final @Nullable Level level = ours.getLevel();

    @BeforeEach
    void listen() {
        log.start();
        ours.addAppender(log);
        ours.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        ours.detachAppender(log);
        ours.setLevel(level);
    }

    private static Span awaitSpan(TestCollector collector, String name) {
        await().atMost(SOON).until(() -> !collector.named(name).isEmpty());
        return collector.named(name).get(0);
    }

    private static List<String> all(TestCollector collector) {
        return collector.spans().stream().map(Span::toString).toList();
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return java.util.HexFormat.of().formatHex(id.toByteArray());
    }

    @Test
    void a_run_is_one_trace_from_its_claim_to_its_publication() throws Exception {
        try (TestCollector collector = new TestCollector(0)) {
            Map<String, String> environment = collector.environment();
            environment.put("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret%2Ckey");
            environment.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test");
            try (TestService service = new TestService(folder, environment)) {
                service.drop("users.csv", USERS);
                service.drop("messages.csv", MESSAGES);
                Span run = awaitSpan(collector, "run leaderboard");
                assertThat(TestCollector.attributes(run))
                        .containsEntry("brigade.pipeline", "leaderboard")
                        .containsEntry("brigade.run", "1")
                        .containsEntry("brigade.task", "rank")
                        .containsEntry("brigade.attempt", "1")
                        .containsEntry("brigade.outcome", "succeeded")
                        .containsEntry("brigade.inputs", "2")
                        .containsEntry("brigade.bytes", Integer.toString(USERS.length() + MESSAGES.length()))
                        .containsEntry("brigade.rows.read", "2")
                        .containsEntry("brigade.rows.counted", "2")
                        .containsEntry("brigade.rows.rejected", "0")
                        .containsKey("brigade.trigger");
                assertThat(run.getParentSpanId().isEmpty()).isTrue();
                assertThat(run.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
                assertThat(collector.within(run))
                        .containsExactly(
                                "leaderboard-publish",
                                "leaderboard-rank",
                                "leaderboardEmptyBoard.keepTable",
                                "rawPages.takeOver",
                                "read messages.csv",
                                "read users.csv");
                assertThat(collector.within(awaitSpan(collector, "leaderboard-rank")))
                        .containsExactly("leaderboard-count", "leaderboard-name");
                assertThat(collector.within(awaitSpan(collector, "leaderboard-publish")))
                        .contains("publication.publish");
                assertThat(collector.spans()).allSatisfy(span -> {
                    assertThat(span.getTraceId()).isEqualTo(run.getTraceId());
                    assertThat(span.getStartTimeUnixNano()).isLessThanOrEqualTo(span.getEndTimeUnixNano());
                    assertThat(span.getEndTimeUnixNano()).isLessThanOrEqualTo(run.getEndTimeUnixNano());
                });
                assertThat(TestCollector.attributes(awaitSpan(collector, "read messages.csv")))
                        .containsEntry(
                                "brigade.file",
                                service.raw().resolve("messages.csv").toString())
                        .containsEntry("brigade.file.size", Integer.toString(MESSAGES.length()));
                assertThat(collector.resource())
                        .containsEntry("service.name", "bucket-brigade")
                        .containsEntry("deployment.environment", "test");
                assertThat(collector.keys()).containsOnly("s3cret,key");
                assertThat(all(collector)).noneMatch(span -> span.contains("s3cret"));
                ILoggingEvent said = log.list.stream()
                        .filter(line -> line.getFormattedMessage().startsWith("Run 1 of leaderboard"))
                        .findFirst()
                        .orElseThrow();
                assertThat(said.getMDCPropertyMap()).containsEntry("trace.id", hex(run.getTraceId()));
            }
        }
    }

    @Test
    void a_service_that_has_nothing_to_do_sends_nothing() throws Exception {
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            service.get("/observe/health");
            service.get("/observe/metrics");
            service.get("/");
            // What has been done until now is sent when it stops.
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            service.close();
            assertThat(collector.names()).isEmpty();
        }
    }

    @Test
    void the_reason_of_a_failed_run_is_in_words_and_without_a_stack_trace() throws Exception {
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", "no,such,columns\n1,2,3\n");
            Span run = awaitSpan(collector, "run leaderboard");
            assertThat(TestCollector.attributes(run)).containsEntry("brigade.outcome", "failed");
            assertThat(run.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(run.getStatus().getMessage())
                    .isEqualTo(service.ask("SELECT error FROM brigade.runs WHERE run_id = 1"));
            assertThat(all(collector)).noneMatch(span -> span.contains("\\tat ") || span.contains("Exception"));
        }
    }

    @Test
    void a_call_belongs_to_the_trace_of_its_caller_and_so_does_the_run_it_asks_for() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String caller = "00f067aa0ba902b7";
        Path result = folder.resolve("leaderboard/result/pipeline_result.csv");
        Files.createDirectories(result.getParent());
        Files.writeString(result, "user_id,messages,name\n1,2,Ana Lima\n");
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            HttpRequest feed = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/feed"))
                    .header("traceparent", "00-" + trace + "-" + caller + "-01")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"data_path\": \"" + result + "\"}"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(feed, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            Span call = awaitSpan(collector, "POST /feed");
            Span run = awaitSpan(collector, "run leaderboard");
            assertThat(call.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
            assertThat(hex(call.getTraceId())).isEqualTo(trace);
            assertThat(hex(call.getParentSpanId())).isEqualTo(caller);
            assertThat(TestCollector.attributes(call))
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.route", "/feed")
                    .containsEntry("http.response.status_code", "200");
            assertThat(run.getTraceId()).isEqualTo(call.getTraceId());
            assertThat(run.getParentSpanId()).isEqualTo(call.getSpanId());
            assertThat(TestCollector.attributes(run)).containsEntry("brigade.task", "feed");
        }
    }

    @Test
    void what_a_caller_filled_into_an_address_is_in_no_trace() throws Exception {
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            assertThat(service.get("/transactions/customers/47110815/invoices").statusCode())
                    .isLessThan(500);
            assertThat(service.get("/runs?pipeline=leaderboard&limit=7").statusCode())
                    .isEqualTo(200);
            awaitSpan(collector, "GET /runs");
            service.close();
            assertThat(collector.spans()).anyMatch(span -> span.getName().contains("/transactions/customers/{"));
            assertThat(all(collector)).noneMatch(span -> span.contains("47110815") || span.contains("limit"));
        }
    }

    @Test
    void a_collector_that_is_away_stops_nothing_and_is_mentioned_once() throws Exception {
        int port = TestService.freePort();
        Map<String, String> environment = TestCollector.environment(port);
        try (TestService service = new TestService(folder, environment)) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES);
            await().atMost(SOON).untilAsserted(() -> assertThat(service.board()).contains("Ana Lima"));
            await().atMost(Duration.ofSeconds(60)).until(() -> !complaints().isEmpty());
            for (int call = 0; call < 20; call++) {
                service.get("/runs");
            }
            service.drop("messages.csv", MESSAGES + "3,1,x,y\n");
            await().atMost(SOON).untilAsserted(() -> assertThat(service.board()).contains("\"messages\":3"));
            assertThat(service.get("/observe/health").body()).contains("\"UP\"");
            long begun = System.nanoTime();
            service.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
            assertThat(complaints()).hasSize(1);
            assertThat(complaints().get(0))
                    .startsWith("Traces can't be sent to http://127.0.0.1:" + port
                            + "/v1/traces (the connection was refused). Lost so far: ");
        }
    }

    private List<String> complaints() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("Traces"))
                .collect(Collectors.toList());
    }

    @Test
    void a_collector_that_comes_back_gets_what_happens_then() throws Exception {
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            collector.answer(403);
            service.get("/runs");
            await().atMost(SOON).until(() -> complaints().size() == 1);
            collector.answer(200);
            service.get("/runs");
            awaitSpan(collector, "GET /runs");
            await().atMost(SOON).until(() -> complaints().size() == 2);
            assertThat(complaints().get(1)).endsWith("again; lost: 2 spans");
        }
    }

    @Test
    void what_was_not_sent_yet_is_sent_when_the_service_stops() throws Exception {
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES);
            await().atMost(SOON).untilAsserted(() -> assertThat(service.board()).contains("Ana Lima"));
            service.close();
            assertThat(collector.names()).contains("run leaderboard", "publication.publish");
        }
    }

    @Test
    void files_of_a_run_and_its_notification_are_parts_of_its_trace() throws Exception {
        int port = TestService.freePort();
        GreenMail mails = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
        mails.start();
        try (TestCollector collector = new TestCollector(0)) {
            Map<String, String> environment = collector.environment();
            environment.put("BRIGADE_MAIL_TO", "desk@example.org");
            environment.put("BRIGADE_MAIL_HOST", "127.0.0.1");
            environment.put("BRIGADE_MAIL_PORT", Integer.toString(port));
            try (TestService service = new TestService(folder, environment)) {
                for (String name : List.of("a", "b")) {
                    file("Stocks/" + name + ".csv", "Date,Open,High,Low,Close,Volume\n2026-03-02,1,2,1,2,10\n");
                }
                file("CompanyNames/top_companies.txt", "'a.csv', 'b.csv'");
                file(".SUCCESS", "");
                Span mail = awaitSpan(collector, "notify mail");
                Span run = awaitSpan(collector, "run stocks");
                assertThat(mail.getTraceId()).isEqualTo(run.getTraceId());
                assertThat(mail.getParentSpanId()).isEqualTo(run.getSpanId());
                assertThat(TestCollector.attributes(run))
                        .containsEntry("brigade.outcome", "succeeded")
                        .containsEntry("brigade.rows.counted", "2");
                assertThat(collector.named("stocksCollator.collate"))
                        .extracting(read -> TestCollector.attributes(read).get("brigade.file"))
                        .containsExactlyInAnyOrder("a.csv", "b.csv");
                assertThat(service.get("/runs").statusCode()).isEqualTo(200);
            }
        } finally {
            mails.stop();
        }
    }

    @Test
    void a_batch_of_a_stream_is_a_trace_of_its_own() throws Exception {
        try (TestCollector collector = new TestCollector(0);
                TestService service = new TestService(folder, collector.environment())) {
            String row =
                    "[{\"InvoiceNo\":\"536365\",\"StockCode\":\"85123A\",\"Description\":\"HOLDER\",\"Quantity\":6,"
                            + "\"InvoiceDate\":\"2010-12-01T08:26:00\",\"UnitPrice\":2.55,\"CustomerID\":17850,\"Country\":\"Spain\"}]";
            assertThat(service.post("/transactions", row, "Idempotency-Key", "one")
                            .statusCode())
                    .isLessThan(300);
            Span batch = awaitSpan(collector, "batch transactions-store");
            assertThat(TestCollector.attributes(batch))
                    .containsEntry("brigade.pipeline", "transactions")
                    .containsEntry("brigade.rows", "1");
            assertThat(collector.within(batch)).contains("store.sql");
            awaitSpan(collector, "batch transactions-warehouse");
            assertThat(all(collector)).noneMatch(span -> span.contains("536365"));
        }
    }

    @Test
    void doctor_says_how_the_endpoint_answers() throws Exception {
        try (TestCollector collector = new TestCollector(0)) {
            Map<String, String> environment = collector.environment();
            environment.put("BRIGADE_DATA", folder.toString());
            environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
            environment.put("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret");
            String shown = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") + "/v1/traces";
            assertThat(CommandResult.of(environment, "doctor").out())
                    .contains("The OTLP endpoint " + shown + " answers");
            assertThat(collector.keys()).containsExactly("s3cret");
            collector.answer(401);
            assertThat(CommandResult.of(environment, "doctor").out())
                    .contains("failed   The OTLP endpoint " + shown + " answers with the HTTP status 401");
            collector.close();
            assertThat(CommandResult.of(environment, "doctor").out())
                    .contains("failed   The OTLP endpoint " + shown + " does not answer (the connection was refused)");
            environment.put("OTEL_EXPORTER_OTLP_HEADERS", "s3cret");
            environment.put("OTEL_RESOURCE_ATTRIBUTES", "prod");
            assertThat(CommandResult.of(environment, "doctor").out())
                    .contains("OTEL_RESOURCE_ATTRIBUTES is 'prod'; it must be names and values")
                    .doesNotContain("s3cret");
            environment.remove("OTEL_RESOURCE_ATTRIBUTES");
            assertThat(CommandResult.of(environment, "doctor").out())
                    .contains("OTEL_EXPORTER_OTLP_HEADERS must be names and values")
                    .doesNotContain("s3cret");
        }
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve("stocks/source").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
