package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import io.bucketbrigade.version.ProgramVersion;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void version_and_metric_name_the_program_that_runs() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            ProgramVersion current = ProgramVersion.current();
            JsonNode version = JSON.readTree(service.get("/version").body());
            assertThat(version)
                    .isEqualTo(JSON.createObjectNode()
                            .put("version", current.version())
                            .put("revision", current.revision())
                            .put("java", current.java()));
            assertThat(service.get("/observe/metrics").body())
                    .contains("brigade_build_info{java=\"" + current.java() + "\",revision=\"" + current.revision()
                            + "\",version=\"" + current.version() + "\"} 1");
        }
    }
}
