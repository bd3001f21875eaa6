package io.bucketbrigade.settings;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.io.TempDir;

/** A working folder whose settings are loaded. */
abstract class SettingsFolder {
    @TempDir
    Path folder = Path.of("");

    Settings load(Map<String, String> environment) {
        return SettingsLoader.load(TestService.HOME, folder, environment, Map.of());
    }

    SortedMap<String, String> wrong(Map<String, String> environment) {
        return SettingsCheck.wrong(load(environment));
    }

    Path write(String properties) throws IOException {
        return Files.writeString(folder.resolve("brigade.properties"), properties);
    }
}
