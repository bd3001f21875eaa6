package io.bucketbrigade.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class KeptTimeTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"23h", "0h", "0", "400d", "Never", "876001h", "99999999999999999999h"})
    void other_values_are_refused_before_anything_starts(String value) {
        CommandResult up =
                CommandResult.of(Map.of("BRIGADE_DATA", folder.toString(), "BRIGADE_RUNS_KEPT", value), "doctor");
        assertThat(up.out())
                .contains("BRIGADE_RUNS_KEPT")
                .contains("a time from 24h to 876000h, such as 9600h, or never");
    }

    @Test
    void a_run_that_is_no_longer_kept_is_said_to_be_so_by_every_call() throws Exception {
        String uri = TestDatabase.newUriWithTables();
        try (TestService service =
                new TestService(folder, uri, Map.of("BRIGADE_RUNS_KEPT", "24h", "BRIGADE_API_KEY", "key"))) {
            service.execute(
                    "INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, inputs, error, owner, lease_until)"
                            + " SELECT 'orders', 'analyse', 'test', 'released', '', '[]', 'why', 'x', now() FROM generate_series(1, 5)");
            service.execute("DELETE FROM brigade.runs WHERE run_id IN (1, 3)");
            for (String path : new String[] {"/runs/3", "/runs/3/files", "/runs/3/rejected.csv"}) {
                assertThat(service.get(path, "Authorization", "Bearer key").statusCode())
                        .isEqualTo(404);
                assertThat(service.get(path, "Authorization", "Bearer key").body())
                        .contains("There is no run 3 any more: runs are kept for 24h (BRIGADE_RUNS_KEPT).");
            }
            assertThat(service.post("/runs/3/replay", "", "Authorization", "Bearer key")
                            .body())
                    .contains("There is no run 3 any more");
            assertThat(service.get("/runs/6").body()).contains("There is no run 6.");
            assertThat(service.get("/runs/4").statusCode()).isEqualTo(200);
            assertThat(service.get("/runs?before=4").body())
                    .contains("\"id\" : 2")
                    .doesNotContain("\"id\" : 3");
        }
    }
}
