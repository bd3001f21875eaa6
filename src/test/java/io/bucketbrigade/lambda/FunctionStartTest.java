package io.bucketbrigade.lambda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionStartTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_function_without_buckets_does_not_start() {
        Map<String, String> environment = Map.of(
                "BRIGADE_HOME", TestService.HOME.toString(),
                "LEADERBOARD_RAW", "data/raw",
                "LEADERBOARD_RESULT", "s3://result");
        assertThatThrownBy(() -> new AggregateFunction(environment, folder.resolve("work")))
                .isInstanceOf(TransientFault.class)
                .hasMessageContaining("LEADERBOARD_RAW must name a bucket");
    }
}
