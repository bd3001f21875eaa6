package io.bucketbrigade.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What RDS does when it rotates the password of the database: that of the running task is of no use from then on. */
@Tag("slow")
class RotatedPasswordTest {
    private static final String USER = "rotated";
    private static final String ASK_FOR_PASSWORD = """
            DO $$
            DECLARE
                lines text[] := array_prepend('host all rotated all scram-sha-256',
                        string_to_array(replace(pg_read_file(current_setting('hba_file')), chr(9), ' '), chr(10)));
            BEGIN
                EXECUTE format('COPY (SELECT unnest(%L::text[])) TO %L', lines, current_setting('hba_file'));
                PERFORM pg_reload_conf();
            END $$
            """;

    @TempDir
    private Path folder = Path.of("");

    private static int health(TestService service) throws Exception {
        return service.get("/observe/health").statusCode();
    }

    @Test
    void health_is_down_once_connections_are_refused_and_a_new_start_has_the_new_password() throws Exception {
        String uri = TestDatabase.newUriOf(USER);
        TestDatabase.execute(ASK_FOR_PASSWORD);
        try (TestService service = new TestService(folder, uri.replace("@", ":" + USER + "@"), Map.of())) {
            assertThat(health(service)).isEqualTo(200);

            TestDatabase.execute("ALTER ROLE rotated PASSWORD 'another'");
            assertThat(health(service)).as("over connections that are open").isEqualTo(200);

            TestDatabase.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rotated'");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(health(service)).isEqualTo(503));

            service.close();
            service.startAgain(uri.replace("@", ":another@"));
            assertThat(health(service)).isEqualTo(200);
        }
    }
}
