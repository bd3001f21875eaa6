package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Everything that a process prints and answers, searched for what nobody must see. */
@Tag("slow")
class SecretsIT {
    private static final String PASSWORD = "pass-7f3a91";
    private static final String KEY = "key-c0ffee17";
    private static final String MAIL_PASSWORD = "mail-0ddba11";
    private static final String READ_KEY = "read-5eed42";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String bucket = buckets.newBucket();
    private final int port = TestService.freePort();
    private final List<String> seen = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("AWS_SECRET_ACCESS_KEY", buckets.environment().get("AWS_SECRET_ACCESS_KEY"));
        environment.put("BRIGADE_DATABASE_URL", withPassword(TestDatabase.newUri()));
        environment.put("BRIGADE_API_KEY", KEY);
        environment.put("BRIGADE_READ_KEY", READ_KEY);
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(port));
        environment.put("BRIGADE_POLL", "200ms");
        environment.put("BRIGADE_LOG", "json");
        environment.put("LEADERBOARD_RAW", "s3://" + bucket + "/raw");
        environment.put("BRIGADE_MAIL_TO", "desk@example.org");
        environment.put("BRIGADE_MAIL_PORT", Integer.toString(TestService.freePort()));
        environment.put("BRIGADE_MAIL_USER", "brigade");
        environment.put("BRIGADE_MAIL_PASSWORD", MAIL_PASSWORD);
        return environment;
    }

    private static String withPassword(String uri) {
        return uri.replaceFirst("://([^@:/]+)@", "://$1:" + PASSWORD + "@");
    }

    private Process run(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command(arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Path log() {
        return folder.resolve("log.txt");
    }

    private String ask(HttpRequest.Builder request, String key) throws Exception {
        try {
            String answer = HttpClient.newHttpClient()
                    .send(request.header("Authorization", "Bearer " + key).build(), BodyHandlers.ofString())
                    .body();
            seen.add(answer);
            return answer;
        } catch (IOException notUp) {
            return "";
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "u:PW/x@localhost:1/none",
                "u:12/PW@localhost:1/none",
                "u:PW?x@localhost:1/none",
                "u:PW#x@localhost:1/none",
                "u:x@PW@localhost:1/none",
                "u:x:PW@localhost:1/none",
                "u:%PW@localhost:1/none",
                "u:%41%zPW@localhost:1/none",
                "u:PW x@localhost:1/none",
                "u:[PW]&=@localhost:1/none",
                "u:PW%2Fx@localhost:1/none",
                "localhost:1/none?user=u&password=PW/x",
                "localhost:1/none?user=u&password=PW&PW=x",
                "localhost:1/none?user=u&password=x&sslpassword=PW",
                "u:PW/none",
                "u:PW",
                "u:1/none?PW@localhost:1/none",
                "u:1/none?password=PW@localhost:1/none",
                "u:x@localhost:port/PW",
                "u:1/PW?user=x@localhost",
                "u:x@1/PW?user=x@localhost",
                "u:1/x?user=PW@localhost",
                "u:1/x?sslmode=PW",
                "u:1/x#PW@localhost",
                "u:1/x@PW@localhost"
            })
    void no_address_shows_its_password(String form) {
        String address = "postgresql://" + form.replace("PW", PASSWORD);
        Map<String, String> environment = Map.of(
                "BRIGADE_DATABASE_URL",
                address,
                "BRIGADE_DATABASE_WAIT",
                "0s",
                "BRIGADE_DATABASE_PASSWORD",
                PASSWORD,
                "BRIGADE_DATA",
                folder.toString(),
                "BRIGADE_HTTP_PORT",
                Integer.toString(port));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try {
            for (String[] command : new String[][] {
                {"migrate", address},
                {"--verbose", "migrate", address},
                {"feed", address, "none.csv"},
                {"feed", address, "none.csv", PASSWORD},
                {"doctor"},
                {"up"}
            }) {
                CommandResult result = CommandResult.of(environment, command);
                assertThat(result.status()).as(String.join(" ", command)).isNotZero();
                assertThat(result.out() + result.err()).isNotBlank().doesNotContain(PASSWORD);
            }
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(
                        event -> event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                .noneMatch(line -> line.contains(PASSWORD));
    }

    @Test
    void no_password_key_or_secret_is_ever_printed_answered_or_shown_in_the_list_of_processes() throws Exception {
        Map<String, String> environment = environment();
        assertThat(environment.get("BRIGADE_DATABASE_URL")).contains(PASSWORD);
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        assertThat(secret).isNotBlank();
        buckets.put(bucket, "raw/users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
        buckets.put(bucket, "raw/messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
        Process up = run(environment, "up", "--verbose");
        try {
            await().atMost(PATIENCE)
                    .until(() -> ask(request("/leaderboard"), READ_KEY).contains("Ana"));
            seen.add(up.info().commandLine().orElse(""));
            buckets.put(bucket, "raw/messages.csv", "message_id,received_at,content\n1,x,y\n");
            await().atMost(PATIENCE).until(() -> ask(request("/runs"), READ_KEY).contains("failed"));
            for (String path : List.of("/observe/metrics", "/observe/health", "/openapi.json", "/runs/1", "/nothing")) {
                ask(request(path), KEY);
            }
            for (String body : List.of("{\"s3_bucket\": \"no-such-bucket\"}", "{}", "nonsense")) {
                ask(request("/feed/s3").POST(BodyPublishers.ofString(body)), KEY);
            }
            ask(request("/feed").POST(BodyPublishers.ofString("{\"data_path\": \"/etc/passwd\"}")), KEY);
            ask(request("/feed").POST(BodyPublishers.ofString("{}")), "wrong");
            await().atMost(PATIENCE).until(() -> Files.readString(log()).contains("could not be sent by mail"));
        } finally {
            up.destroy();
            assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(run(environment, "--verbose", "plan").waitFor(60, TimeUnit.SECONDS))
                .isTrue();
        String printed = Files.readString(log());
        assertThat(printed).contains("Run 1 of leaderboard", "could not be sent by mail");
        List<String> json = printed.lines().filter(line -> line.startsWith("{")).toList();
        assertThat(json).isNotEmpty();
        for (String line : json) {
            assertThat(new ObjectMapper().readTree(line).path("message").asText())
                    .as(line)
                    .isNotBlank();
        }
        assertThat(printed + seen).doesNotContain(PASSWORD, KEY, READ_KEY, MAIL_PASSWORD, secret);
    }
}
