package io.bucketbrigade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest extends SettingsFolder {
    private Path secret(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content);
    }

    @Test
    void every_secret_setting_can_be_read_from_a_file() throws IOException {
        String file = secret("postgresql://desk:s3cret@localhost/brigade\n").toString();
        Settings defaults = load(Map.of());
        assertThat(defaults.all().keySet())
                .filteredOn(key -> defaults.kind(key).isSecret())
                .contains("brigade.api.key", "brigade.read.key", "brigade.database.url", "aws.secret.access.key")
                .allSatisfy(key -> {
                    Settings settings = load(Map.of(Settings.variable(key) + "_FILE", file));
                    assertThat(settings.text(key)).isEqualTo("postgresql://desk:s3cret@localhost/brigade");
                    assertThat(settings.name(key)).isEqualTo(Settings.variable(key) + " (" + file + ")");
                    assertThat(settings.warnings()).isEmpty();
                    assertThat(SettingsCheck.wrong(settings)).isEmpty();
                });
    }

    @Test
    void a_secret_of_a_pipeline_can_be_read_from_a_file() throws IOException {
        Path pipeline = Files.createDirectories(folder.resolve("routes/tides"));
        Files.writeString(pipeline.resolve("pipeline.yaml"), "name: tides\n");
        Files.writeString(
                pipeline.resolve("tides.properties"), "# Its token.\ntides.token=\nkind.tides.token=secret\n");
        Settings settings = load(Map.of(
                "BRIGADE_ROUTES",
                folder.resolve("routes").toString(),
                "TIDES_TOKEN_FILE",
                secret("t0ken").toString()));
        assertThat(settings.text("tides.token")).isEqualTo("t0ken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "s3cret\n", "s3cret\r\n", "s3cret\n\n"})
    void line_ends_behind_it_do_not_belong_to_a_secret(String content) throws IOException {
        Settings settings = load(Map.of("BRIGADE_API_KEY_FILE", secret(content).toString()));
        assertThat(settings.text("brigade.api.key")).isEqualTo("s3cret");
    }

    @Test
    void braces_in_the_file_mean_themselves() throws IOException {
        Map<String, String> environment = Map.of(
                "BRIGADE_API_KEY_FILE", secret("a{{brigade.http.port}}{{x}}").toString());
        assertThat(load(environment).text("brigade.api.key")).isEqualTo("a{{brigade.http.port}}{{x}}");
        assertThat(wrong(environment)).isEmpty();
    }

    @Test
    void brigade_properties_may_name_the_file_and_the_environment_is_stronger() throws IOException {
        Path own = write("brigade.api.key.file=" + secret("from-the-file\n") + "\n");
        assertThat(load(Map.of()).text("brigade.api.key")).isEqualTo("from-the-file");
        assertThat(load(Map.of("BRIGADE_API_KEY", "direct")).text("brigade.api.key"))
                .isEqualTo("direct");
        Files.writeString(own, "brigade.api.key=in-brigade.properties\n");
        Map<String, String> environment =
                Map.of("BRIGADE_API_KEY_FILE", folder.resolve("secret").toString());
        assertThat(load(environment).text("brigade.api.key")).isEqualTo("from-the-file");
        assertThat(wrong(environment)).isEmpty();
    }

    @Test
    void both_at_once_are_refused() throws IOException {
        String file = secret("s3cret").toString();
        assertThat(wrong(Map.of("BRIGADE_API_KEY", "other", "BRIGADE_API_KEY_FILE", file))
                        .values())
                .containsExactly("BRIGADE_API_KEY_FILE and BRIGADE_API_KEY are both set. Remove one of them.");
        Path own = write("BRIGADE_API_KEY=other\nBRIGADE_API_KEY_FILE=" + file + "\n");
        assertThat(wrong(Map.of()).values())
                .containsExactly("BRIGADE_API_KEY_FILE (" + own
                        + ", line 2) and BRIGADE_API_KEY are both set. Remove one of them.");
    }

    @Test
    void a_blank_one_counts_as_not_set() throws IOException {
        String file = secret("s3cret").toString();
        assertThat(load(Map.of("BRIGADE_API_KEY", "", "BRIGADE_API_KEY_FILE", file))
                        .text("brigade.api.key"))
                .isEqualTo("s3cret");
        assertThat(load(Map.of("BRIGADE_API_KEY", "direct", "BRIGADE_API_KEY_FILE", ""))
                        .text("brigade.api.key"))
                .isEqualTo("direct");
    }

    @Test
    void a_file_with_no_secret_is_refused() throws IOException {
        String missing = folder.resolve("missing").toString();
        assertThat(wrong(Map.of("BRIGADE_API_KEY_FILE", missing)).values())
                .containsExactly("BRIGADE_API_KEY_FILE: " + missing + ": the file does not exist.");
        assertThat(wrong(Map.of("BRIGADE_API_KEY_FILE", folder.toString())).values())
                .containsExactly("BRIGADE_API_KEY_FILE: " + folder
                        + ": the file is a folder, a pipe or a device; it must be a file with text.");
        String empty = secret("\n").toString();
        assertThat(wrong(Map.of("BRIGADE_API_KEY_FILE", empty)).values())
                .containsExactly("BRIGADE_API_KEY_FILE: the file " + empty
                        + " is empty. Write the secret into it, or remove the setting.");
    }

    @Test
    void what_is_wrong_with_a_secret_does_not_repeat_it() throws IOException {
        String lines = secret("first-line\nsecond-line\n").toString();
        assertThat(wrong(Map.of("BRIGADE_API_KEY_FILE", lines)).values())
                .singleElement(STRING)
                .contains("BRIGADE_API_KEY (" + lines + ")")
                .doesNotContain("first-line", "second-line");
        String address = secret("mysql://desk:s3cret@localhost/brigade").toString();
        assertThat(wrong(Map.of("BRIGADE_DATABASE_URL_FILE", address)).values())
                .singleElement(STRING)
                .contains("BRIGADE_DATABASE_URL (" + address + ")")
                .doesNotContain("s3cret");
    }

    @Test
    void what_is_no_secret_can_not_be_read_from_a_file() {
        assertThat(load(Map.of("BRIGADE_HTTP_PORT_FILE", "port")).warnings())
                .singleElement(STRING)
                .contains("BRIGADE_HTTP_PORT_FILE in the environment is not a setting and is ignored.");
    }
}
