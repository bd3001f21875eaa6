package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With BRIGADE_LOG=json, a service says nothing that is not a line of JSON with the fields of the Elastic Common Schema. */
@Tag("slow")
class JsonLogIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "BRIGADE_LOG", "json",
            "BRIGADE_POLL", "200ms",
            "BRIGADE_SETTLE", "200ms",
            "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort())));

    private Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command(arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Path log() {
        return folder.resolve("log.txt");
    }

    private int end(String... arguments) throws Exception {
        Process process = start(arguments);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** All lines, each of which must be an object with what every line has. */
    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String text : Files.readAllLines(log())) {
            JsonNode line = JSON.readTree(text);
            assertThat(line.isObject()).as(text).isTrue();
            assertThat(Instant.parse(line.path("@timestamp").asText())).isBefore(Instant.now());
            assertThat(line.path("log.level").asText()).as(text).isIn("INFO", "WARN", "ERROR");
            assertThat(line.path("message").asText()).as(text).isNotBlank();
            assertThat(line.path("ecs.version").asText()).as(text).isNotBlank();
            assertThat(line.path("service.name").asText()).isEqualTo("bucket-brigade");
            assertThat(line.path("service.version").asText()).as(text).isNotBlank();
            assertThat(line.path("process.thread.name").asText()).as(text).isNotBlank();
            assertThat(line.path("log.logger").asText()).as(text).isNotBlank();
            assertThat(line.has("error.type")).as(text).isEqualTo(line.has("error.stack_trace"));
            lines.add(line);
        }
        return lines;
    }

    private boolean says(String text) throws IOException {
        return Files.readString(log()).contains(text);
    }

    private void drop(String name, String text) throws IOException {
        Path raw = Files.createDirectories(folder.resolve("data/leaderboard/raw"));
        Files.writeString(raw.resolve(name), text);
    }

    @Test
    void a_service_with_a_run_that_succeeds_and_one_that_fails_prints_only_json() throws Exception {
        Process service = start("up");
        try {
            await().atMost(PATIENCE).until(() -> says("Bucket Brigade is up."));
            drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,a\n");
            await().atMost(PATIENCE).until(() -> says(" succeeded in "));
            drop("messages.csv", "message_id,received_at,content\n1,x,a\n");
            await().atMost(PATIENCE).until(() -> says(" failed: "));
        } finally {
            service.destroy();
            assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(service.exitValue()).isZero();
        List<JsonNode> lines = lines();
        assertThat(lines.get(lines.size() - 1).path("message").asText()).isEqualTo("Stopped.");
        List<JsonNode> ofRuns = lines.stream()
                .filter(line -> line.path("message").asText().startsWith("Run "))
                .toList();
        assertThat(ofRuns).hasSizeGreaterThanOrEqualTo(2).allSatisfy(line -> {
            assertThat(line.path("bucketbrigade.pipeline").asText()).isEqualTo("leaderboard");
            assertThat(line.path("bucketbrigade.run").isIntegralNumber()).isTrue();
            assertThat(line.path("message").asText())
                    .startsWith("Run " + line.path("bucketbrigade.run").asLong() + " of leaderboard");
        });
        assertThat(lines.stream().filter(line -> line.path("message").asText().contains("Bucket Brigade is up")))
                .hasSize(1)
                .noneMatch(line -> line.has("bucketbrigade.run"));
    }

    @ParameterizedTest
    @CsvSource({
        "BRIGADE_HTTP_PORT, many, BRIGADE_HTTP_PORT is 'many'",
        "BRIGADE_DATABASE_URL, nonsense, BRIGADE_DATABASE_URL",
        "BRIGADE_ROUTES, nowhere, BRIGADE_ROUTES",
        "BRIGADE_HOME, nowhere, ''"
    })
    void a_wrong_setting_is_said_in_json(String variable, String value, String words) throws Exception {
        environment.put(variable, value);
        assertThat(end("up")).isEqualTo(1);
        assertThat(lines()).isNotEmpty();
        assertThat(says(words)).isTrue();
    }

    @Test
    void a_port_in_use_is_said_in_json() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("BRIGADE_HTTP_PORT", Integer.toString(taken.getLocalPort()));
            assertThat(end("up")).isEqualTo(1);
        }
        assertThat(lines()).hasSize(2);
        assertThat(says("Starting Bucket Brigade")).isTrue();
        assertThat(says("can't be used")).isTrue();
    }

    @Test
    void a_wrong_option_is_said_in_json() throws Exception {
        assertThat(end("up", "--wrong")).isEqualTo(2);
        assertThat(lines()).isNotEmpty();
        assertThat(says("--wrong")).isTrue();
    }

    @Test
    void the_setting_counts_from_the_first_line_when_it_is_in_the_file_too() throws Exception {
        environment.remove("BRIGADE_LOG");
        Files.writeString(
                folder.resolve("brigade.properties"), "brigade.log = json\nbrigade.htpp.port=1\nbrigade.poll=never\n");
        environment.remove("BRIGADE_POLL");
        assertThat(end("up")).isEqualTo(1);
        assertThat(lines()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void details_of_an_error_are_in_its_line() throws Exception {
        environment.put("BRIGADE_HTTP_PORT", "many");
        assertThat(end("up", "--verbose")).isEqualTo(1);
        JsonNode last = lines().get(lines().size() - 1);
        assertThat(last.path("error.type").asText()).endsWith("Problem");
        assertThat(last.path("error.stack_trace").asText()).contains("at io.bucketbrigade.");
    }

    @Test
    void the_result_of_a_command_stays_as_it_is() throws Exception {
        assertThat(end("--version")).isZero();
        assertThat(Files.readString(log())).startsWith("Bucket Brigade ");
    }
}
