package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    @Test
    void open_to_other_machines_without_a_key_calls_that_write_are_refused(@TempDir Path folder) throws Exception {
        try (TestService service = new TestService(folder, Map.of("BRIGADE_HTTP_HOST", "0.0.0.0"))) {
            assertThat(service.post("/feed", "{}").statusCode()).isEqualTo(403);
            assertThat(service.post("/feed", "{}").body()).contains("BRIGADE_API_KEY");
            assertThat(service.get("/leaderboard").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void with_a_key_only_who_brings_it_may_write(@TempDir Path folder) throws Exception {
        try (TestService service = new TestService(folder, Map.of("BRIGADE_API_KEY", "s3cret"))) {
            assertThat(service.post("/feed", "{}").statusCode()).isEqualTo(403);
            assertThat(service.post("/feed", "{}", "Authorization", "Bearer wrong")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(service.post("/feed", "{}", "Authorization", "Bearer s3cret")
                            .statusCode())
                    .isEqualTo(400);
        }
    }
}
