package io.bucketbrigade.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of samples/leaderboard holds what goes in and what must come out, for one trap. */
class SamplesTest {
    private static final Path SAMPLES = TestService.HOME.resolve("samples/leaderboard");

    static List<String> samples() throws IOException {
        try (Stream<Path> folders = Files.list(SAMPLES)) {
            return Stream.concat(
                            Stream.of("."),
                            folders.filter(Files::isDirectory).map(folder -> String.valueOf(folder.getFileName())))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_gives_what_is_expected(String name, @TempDir Path output) throws IOException {
        Path sample = SAMPLES.resolve(name);
        CommandResult result = CommandResult.of(
                settings(sample),
                "aggregate",
                sample.resolve("messages.csv").toString(),
                sample.resolve("users.csv").toString(),
                output.toString());
        Path error = sample.resolve("error.expected.txt");
        if (Files.exists(error)) {
            assertThat(result.err()).isEqualTo(Files.readString(error));
            assertThat(result.status()).isEqualTo(1);
            assertThat(output.resolve("pipeline_result.csv")).doesNotExist();
            return;
        }
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(output.resolve("pipeline_result.csv"))
                .hasSameTextualContentAs(sample.resolve("pipeline_result.expected.csv"));
        Path rejected = sample.resolve("rejected.expected.csv");
        if (Files.exists(rejected)) {
            assertThat(output.resolve("rejected.csv")).hasSameTextualContentAs(rejected);
        } else {
            assertThat(output.resolve("rejected.csv")).doesNotExist();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_gives_the_same_with_tiny_blocks(String name, @TempDir Path output) throws IOException {
        Path sample = SAMPLES.resolve(name);
        Map<String, String> settings = new HashMap<>(settings(sample));
        settings.put("BRIGADE_COUNTING_BLOCK", "7");
        settings.put("BRIGADE_COUNTING_THREADS", "3");
        CommandResult whole = run(settings(sample), sample, output.resolve("whole/"));
        CommandResult tiny = run(settings, sample, output.resolve("tiny/"));
        assertThat(tiny.err()).isEqualTo(whole.err());
        assertThat(tiny.status()).isEqualTo(whole.status());
        if (whole.status() == 0) {
            assertThat(output.resolve("tiny/pipeline_result.csv"))
                    .hasSameBinaryContentAs(output.resolve("whole/pipeline_result.csv"));
        }
    }

    private static CommandResult run(Map<String, String> settings, Path sample, Path output) {
        return CommandResult.of(
                settings,
                "aggregate",
                sample.resolve("messages.csv").toString(),
                sample.resolve("users.csv").toString(),
                output + "/");
    }

    private static Map<String, String> settings(Path sample) throws IOException {
        Path file = sample.resolve("settings.properties");
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }
}
