package io.bucketbrigade.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.support.TcpRelay;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kubernetes would learn from the probes of the manifests, asked of a service whose database can be away. */
@Tag("slow")
class ProbesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private final URI database = URI.create(TestDatabase.newUri());
    private final TcpRelay line = new TcpRelay(database.getPort());

    @BeforeEach
    void fix() throws Exception {
        line.fix();
    }

    @AfterEach
    void cut() throws Exception {
        line.close();
    }

    /** The status that a probe gets; it sends no key. */
    private static int status(TestService service, String probe) throws Exception {
        JsonNode container = Manifests.of(Manifests.ROOT.resolve("base")).container();
        return service.get(container.at("/" + probe + "/httpGet/path").asText()).statusCode();
    }

    private TestService start() throws Exception {
        return new TestService(
                folder,
                "postgresql://postgres@localhost:" + line.port() + database.getPath(),
                Map.of("BRIGADE_API_KEY", "write", "BRIGADE_READ_KEY", "read"));
    }

    @Test
    void without_its_database_the_service_gets_no_calls_and_is_not_restarted() throws Exception {
        try (TestService service = start()) {
            assertThat(status(service, "startupProbe")).isEqualTo(200);
            assertThat(status(service, "livenessProbe")).isEqualTo(200);
            assertThat(status(service, "readinessProbe")).isEqualTo(200);
            line.cut();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(status(service, "readinessProbe"))
                    .isEqualTo(503));
            assertThat(status(service, "livenessProbe")).isEqualTo(200);
            line.fix();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(status(service, "readinessProbe"))
                    .isEqualTo(200));
        }
    }

    @Test
    void a_degraded_service_gets_calls_and_is_not_restarted() throws Exception {
        try (TestService service = start()) {
            service.drop("users.csv", "user_id,first_name,last_name\n");
            Files.delete(service.raw().resolve("users.csv"));
            Files.delete(service.raw());
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(service.get("/observe/health").body()).contains("DEGRADED"));
            assertThat(status(service, "livenessProbe")).isEqualTo(200);
            assertThat(status(service, "readinessProbe")).isEqualTo(200);
        }
    }
}
