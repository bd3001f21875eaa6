package io.bucketbrigade.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpSettingsTest {
    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> headers(String text) {
        return new OtlpSettings(SettingsLoader.load(
                        TestService.HOME, folder, Map.of("OTEL_EXPORTER_OTLP_HEADERS", text), Map.of()))
                .headers();
    }

    @Test
    void headers_are_decoded() {
        assertThat(headers("api-key=a%2Cb, tenant=shop")).isEqualTo(Map.of("api-key", "a,b", "tenant", "shop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x=Hush\u20ac", "x=Hush%0A", "Host=Hush", "x y=Hush", "Hush"})
    void headers_that_can_not_be_sent_are_refused_and_not_shown(String text) {
        assertThatThrownBy(() -> headers(text))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("OTEL_EXPORTER_OTLP_HEADERS must be names and values such as")
                .message()
                .doesNotContain("Hush");
    }
}
