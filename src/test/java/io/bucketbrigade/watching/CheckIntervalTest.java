package io.bucketbrigade.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.registry.Definition;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckIntervalTest {
    @TempDir
    private Path folder = Path.of("");

    private Duration interval(Map<String, String> environment) {
        Settings settings = SettingsLoader.load(TestService.HOME, folder, environment, Map.of());
        Definition leaderboard =
                Pipelines.read(settings.routeFolders()).get("leaderboard").definition();
        PipelineSettings named = new PipelineSettings(settings);
        return CheckInterval.of(
                named.poll(),
                named.place(Objects.requireNonNull(leaderboard.inputs())),
                named.quiet(leaderboard.start()));
    }

    @Test
    void folders_are_checked_often_and_buckets_seldom_unless_told_otherwise() {
        assertThat(interval(Map.of())).hasMillis(250);
        assertThat(interval(Map.of("LEADERBOARD_RAW", "s3://bucket"))).hasSeconds(10);
        assertThat(interval(Map.of("LEADERBOARD_RAW", "s3://bucket", "BRIGADE_POLL", "2s")))
                .hasSeconds(2);
    }

    @Test
    void files_that_must_be_at_rest_are_checked_no_less_often_than_that() {
        assertThat(interval(Map.of("LEADERBOARD_RAW", "s3://bucket", "LEADERBOARD_QUIET", "3s")))
                .hasSeconds(3);
        assertThat(interval(Map.of("LEADERBOARD_QUIET", "3s"))).hasMillis(250);
    }
}
