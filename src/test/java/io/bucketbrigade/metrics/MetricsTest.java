package io.bucketbrigade.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private static final String SUCCESS = "brigade_last_success_timestamp_seconds{pipeline=\"leaderboard\"}";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private static String served(TestService service) throws Exception {
        return service.get("/observe/metrics").body();
    }

    @Test
    void counters_of_pipelines_begin_with_0_so_that_the_first_failure_is_an_increase() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            assertThat(served(service))
                    .contains("brigade_runs_total{pipeline=\"stocks\",state=\"failed\"} 0.0\n")
                    .contains("brigade_rows_total{outcome=\"rejected\",pipeline=\"stocks\"} 0.0\n")
                    .doesNotContain(SUCCESS)
                    .doesNotContain("camel_");
        }
    }

    @Test
    void requests_are_counted_by_operation_and_never_by_what_a_caller_wrote() throws Exception {
        try (TestService service =
                new TestService(folder, Map.of("BRIGADE_READ_KEY", "5eed", "BRIGADE_API_KEY", "c0ffee"))) {
            String[] key = {"Authorization", "Bearer 5eed"};
            assertThat(service.get("/runs/4711?x=whatever").statusCode()).isEqualTo(403);
            service.get("/runs/4711", key);
            service.get("/whatever/4711", key);
            service.send(service.request("/runs", key).method("WHATEVER", BodyPublishers.noBody()));
            assertThat(service.get("/observe/metrics").statusCode()).isEqualTo(403);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            service.get("/observe/metrics", key).body())
                    .contains("brigade_http_requests_total{operation=\"getRun\",status=\"403\"} 1.0\n")
                    .contains("brigade_http_requests_total{operation=\"getRun\",status=\"404\"} 1.0\n")
                    .contains("brigade_http_requests_total{operation=\"observe\",status=\"403\"} 1.0\n")
                    .containsPattern("brigade_http_requests_total\\{operation=\"unknown\",status=\"40[45]\"} ")
                    .contains("brigade_http_request_duration_seconds_count{operation=\"getRun\"} 2\n")
                    .doesNotContain("\"4711")
                    .doesNotContainIgnoringCase("whatever"));
        }
    }

    @Test
    void camels_own_figures_come_if_they_are_wanted() throws Exception {
        try (TestService service = new TestService(folder, Map.of("BRIGADE_METRICS_CAMEL", "true"))) {
            assertThat(served(service)).startsWith("# HELP brigade_").contains("\ncamel_exchanges_total{");
        }
    }

    @Test
    void every_instance_shows_what_is_in_the_database_and_only_its_own_counts() throws Exception {
        String database = TestDatabase.newUriWithTables();
        try (TestService one = new TestService(folder.resolve("one"), database, Map.of());
                TestService other = new TestService(folder.resolve("other"), database, Map.of())) {
            one.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            one.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,a\n");
            await().atMost(PATIENCE).until(() -> served(other).contains(SUCCESS));
            assertThat(served(one)).contains("brigade_runs_total{pipeline=\"leaderboard\",state=\"succeeded\"} 1.0\n");
            assertThat(served(other))
                    .contains("brigade_runs_total{pipeline=\"leaderboard\",state=\"succeeded\"} 0.0\n");
        }
    }

    @Test
    void figures_are_served_while_the_database_is_away() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            await().atMost(PATIENCE).until(() -> served(service).contains("brigade_health{status=\"UP\"} 1.0"));
            service.execute("ALTER TABLE brigade.outbox RENAME TO away");
            try {
                await().atMost(PATIENCE)
                        .until(() -> served(service).contains("brigade_health{status=\"DEGRADED\"} 1.0"));
                assertThat(service.get("/observe/health").body()).contains("metrics-refresh");
            } finally {
                service.execute("ALTER TABLE brigade.away RENAME TO outbox");
            }
            await().atMost(PATIENCE).until(() -> served(service).contains("brigade_health{status=\"UP\"} 1.0"));
        }
    }
}
