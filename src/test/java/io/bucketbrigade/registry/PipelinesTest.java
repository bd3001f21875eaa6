package io.bucketbrigade.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelinesTest {
    private static final String WHOLE = """
            title: Tides
            description: Sums up readings
            task: sum
            inputs:
              location: tides.raw
              files:
                - pattern: readings_*_{year}.csv
                  columns: [station, level]
                - name: stations.csv
                  optional: true
                  columns:
                    station: text
                    since: date, optional
            """;

    @TempDir
    private Path root = Path.of("");

    private Pipeline pipeline(String name, String text) throws IOException {
        Path own = Files.createDirectories(root.resolve(name));
        Files.writeString(own.resolve(Pipeline.FILE), text);
        return Pipelines.read(List.of(root)).get(name);
    }

    @Test
    void our_own_pipelines_are_read_in_their_order() {
        assertThat(Pipelines.read(List.of(TestService.HOME.resolve("routes"))).all())
                .extracting(Pipeline::name)
                .startsWith("leaderboard", "stocks", "orders");
    }

    @Test
    void a_pattern_stands_for_names_and_gives_the_parts_that_it_names() throws IOException {
        InputFiles inputs =
                Objects.requireNonNull(pipeline("tides", WHOLE).definition().inputs());
        InputFile readings = inputs.patterns().get(0);
        assertThat(readings.matches("readings_north_2024.csv")).isTrue();
        assertThat(readings.matches("readings_north_2024.csv.part")).isFalse();
        assertThat(readings.matches("old/readings_north_2024.csv")).isFalse();
        assertThat(readings.part("year", "readings_north_2024.csv")).contains("2024");
        assertThat(readings.part("year", "stations.csv")).isEmpty();
        assertThat(inputs.optional()).containsExactly("stations.csv");
        assertThat(inputs.find("stations.csv").orElseThrow().columnTypes()).containsEntry("since", "date, optional");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    task: sum     | tusk: sum    | 3 | the key tusk is unknown; did you mean task?
                    title: Tides  | order: 1     | 1 | the key title is missing
                    'task: sum'   | 'task: [a]'  | 3 | task must be a text
                    location:     | place:       | 5 | the key inputs.place is unknown. Known keys are files, location, maxRejected
                    location: tides.raw | maxRejected: tides.max | 4 | the key inputs.location is missing
                    '- name: stations.csv' | '- line: true' | 9 | inputs.files[1]: a file has either a name or a pattern
                    inputs:       | 'inputs: {'  | 0 | this is not YAML
                    optional: true | optional: often | 10 | inputs.files[1].optional must be true or false
                    columns: [station, level] | columns: station | 7 | columns must be a list of names
                    """)
    void what_is_wrong_is_told_with_file_line_and_key(String right, String wrong, int line, String words) {
        assertThatThrownBy(() -> pipeline("tides", WHOLE.replace(right.strip(), wrong.strip())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(root.resolve("tides/pipeline.yaml").toString())
                .hasMessageContaining(line > 0 ? ", line " + line + ": " : ":")
                .hasMessageContaining(words.strip());
    }

    @Test
    void a_setting_that_does_not_exist_is_named_with_its_key() throws IOException {
        pipeline("tides", WHOLE);
        assertThatThrownBy(() -> Pipelines.read(List.of(root)).requireSettings(Set.of()))
                .hasMessageContaining("inputs.location names the setting tides.raw, which does not exist");
    }

    @Test
    void two_pipelines_of_one_name_are_refused(@TempDir Path other) throws IOException {
        pipeline("tides", WHOLE);
        Files.createDirectories(other.resolve("tides"));
        Files.writeString(other.resolve("tides/pipeline.yaml"), WHOLE);
        assertThatThrownBy(() -> Pipelines.read(List.of(root, other)))
                .hasMessageContaining("There are two pipelines called tides");
    }
}
