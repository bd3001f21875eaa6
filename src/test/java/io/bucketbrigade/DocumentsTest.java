package io.bucketbrigade;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents name only what is there. */
class DocumentsTest {
    private static final Path HOME = TestService.HOME;
    private static final Pattern PATH = Pattern.compile("`((?:[a-z.][A-Za-z0-9._-]*/)+[A-Za-z0-9._-]*)`");

    @ParameterizedTest
    @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md"})
    void every_path_in_the_document_exists(String document) throws IOException {
        Matcher path = PATH.matcher(Files.readString(HOME.resolve(document)));
        int found = 0;
        while (path.find()) {
            found++;
            assertThat(HOME.resolve(path.group(1))).as(path.group(1)).exists();
        }
        assertThat(found).isPositive();
    }

    private static String shown(String key, String value) {
        if (key.equals("leaderboard.feed.roots")) {
            return "the result folder, `samples`";
        }
        return value.isEmpty() ? "none" : "`" + value + "`";
    }

    @Test
    void the_documents_list_every_setting_with_its_default() throws IOException {
        String listed = Files.readString(HOME.resolve("docs/SETTINGS.md"));
        Settings settings = SettingsLoader.load(HOME, HOME.resolve("src"), Map.of(), Map.of());
        settings.properties().stringPropertyNames().stream()
                .filter(key -> !key.startsWith("camel.") && !key.equals("brigade.home"))
                .forEach(key -> assertThat(listed)
                        .contains("| `" + Settings.variable(key) + "` | " + shown(key, settings.text(key)) + " |"));
    }
}
