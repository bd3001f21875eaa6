package io.bucketbrigade.buffers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "kafka:shop.sales-1", "kinesis:sales"})
    void what_can_be_in_front_is_written_as_it_is_read(String text) {
        assertThat(BufferName.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kafka", "kafka:", "kafka:a b", "kafka:..", "Kafka:a", "rabbit:a", "postgresql:a"})
    void anything_else_is_refused_in_words(String text) {
        assertThatThrownBy(() -> BufferName.of(text))
                .isInstanceOf(Problem.class)
                .hasMessage("'" + text + "' can't be used; it must be postgresql, kafka:TOPIC or kinesis:STREAM.");
    }

    private static Map<String, String> wrong(Path folder, Map<String, String> variables) {
        Settings settings = SettingsLoader.load(TestService.HOME, folder, variables, Map.of());
        return SettingsCheck.wrong(settings);
    }

    @Test
    void kafka_without_servers_and_servers_without_ports_are_refused(@TempDir Path folder) {
        assertThat(wrong(folder, Map.of("TRANSACTIONS_STREAM", "kafka:sales")).values())
                .containsExactly("TRANSACTIONS_STREAM: 'kafka:sales' needs the addresses of Kafka."
                        + " Set BRIGADE_KAFKA_SERVERS, such as broker-1:9092,broker-2:9092.");
        assertThat(wrong(folder, Map.of("BRIGADE_KAFKA_SERVERS", "broker-1,broker-2:9092"))
                        .values())
                .singleElement()
                .asString()
                .contains("BRIGADE_KAFKA_SERVERS", "hosts with ports");
        assertThat(wrong(
                        folder,
                        Map.of("BRIGADE_STREAM", "kafka:sales", "BRIGADE_KAFKA_SERVERS", "broker-1:9092,[::1]:9092")))
                .isEmpty();
    }
}
