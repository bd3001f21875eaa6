package io.bucketbrigade.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.cli.LogSetup;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The filters of the alarms, and what the service logs. A filter matches a line that has each of its quoted texts. */
@Tag("slow")
class LogFilterTest {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
    private static final Logger RUNS = (Logger) LoggerFactory.getLogger(RunEndings.class);

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void listen() {
        logged.start();
        // Commands that other tests call log only warnings from then on.
        RUNS.setLevel(Level.INFO);
        RUNS.addAppender(logged);
    }

    @AfterEach
    void leave() {
        RUNS.detachAppender(logged);
        RUNS.setLevel(null);
    }

    private static boolean matches(String filter, String line) {
        Matcher quoted = QUOTED.matcher(filter);
        assertThat(filter).matches("(\"[^\"]+\" ?)+");
        return quoted.results().allMatch(match -> line.contains(match.group(1)));
    }

    private List<String> lines() {
        LoggerContext context = new LoggerContext();
        LogSetup setup = new LogSetup();
        setup.setContext(context);
        setup.configure(context);
        Encoder<ILoggingEvent> encoder = ((ConsoleAppender<ILoggingEvent>)
                        context.getLogger("ROOT").iteratorForAppenders().next())
                .getEncoder();
        return Stream.of(logged.list.toArray(ILoggingEvent[]::new))
                .map(event -> new String(encoder.encode(event), StandardCharsets.UTF_8))
                .toList();
    }

    private List<String> matched(String filter) {
        return lines().stream().filter(line -> matches(filter, line)).toList();
    }

    private static String filterOfPipeline(JsonNode filter, String pipeline) {
        return filter.at("/Fn::If/1/Fn::Sub").asText().replace("${PipelineToSucceed}", pipeline);
    }

    @Test
    void the_lines_of_failed_and_succeeded_runs_are_counted_and_no_others() throws Exception {
        CloudTemplate template = new CloudTemplate(CloudTemplate.SERVICE);
        String failed = template.properties("FailedRuns").path("FilterPattern").asText();
        JsonNode succeeded = template.properties("SucceededRuns").path("FilterPattern");
        String any = succeeded.at("/Fn::If/2").asText();
        try (TestService service = new TestService(folder, Map.of())) {
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,a\n");
            service.awaitBoard("\"messages\":1,");
            await().untilAsserted(() -> assertThat(matched(any)).hasSize(1));
            assertThat(matched(failed)).isEmpty();
            assertThat(matched(filterOfPipeline(succeeded, "leaderboard"))).hasSize(1);
            assertThat(matched(filterOfPipeline(succeeded, "stocks"))).isEmpty();

            service.drop("messages.csv", "message_id,received_at,content\n1,x,a\n");
            await().untilAsserted(() -> assertThat(matched(failed)).hasSize(1));
            assertThat(matched(any)).hasSize(1);
        }
    }

    @Test
    void the_task_logs_in_that_form() throws IOException {
        assertThat(new CloudTemplate(CloudTemplate.SERVICE).container().path("Environment"))
                .extracting(variable -> variable.path("Name").asText())
                .doesNotContain("BRIGADE_LOG");
    }
}
