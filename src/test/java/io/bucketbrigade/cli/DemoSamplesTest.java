package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoSamplesTest {
    @Test
    void a_demo_has_no_folder_of_the_users_whatever_the_settings_of_a_pipeline_are_called(@TempDir Path folder) {
        Map<String, String> environment = new HashMap<>();
        for (String key : places(load(folder, environment))) {
            environment.put(Settings.variable(key), "/users/" + key);
        }
        assertThat(environment).containsKeys("ORDERS_RAW", "CITY_REQUESTS_RAW", "CITY_REQUESTS_LAKE");
        Settings own = load(folder, environment);
        Map<String, String> demo = DemoSamples.settings(own, Pipelines.read(own.routeFolders()));
        Settings apart = SettingsLoader.load(TestService.HOME, folder, environment, demo);
        for (String key : places(own)) {
            assertThat(apart.text(key)).as(key).doesNotStartWith("/users/");
        }
    }

    private static Settings load(Path folder, Map<String, String> environment) {
        return SettingsLoader.load(TestService.HOME, folder, environment, Map.of());
    }

    private static Iterable<String> places(Settings settings) {
        return settings.pipelines().stream()
                .flatMap(pipeline -> settings.keysOf(pipeline).stream())
                .filter(key -> settings.places(false).contains(key)
                        || settings.places(true).contains(key))
                .toList();
    }
}
