package io.bucketbrigade.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline.yaml says of its inputs and of when a run begins. */
@Tag("slow")
class InputWatcherTest {
    @TempDir
    private Path folder = Path.of("");

    private final Database database = TestDatabase.newMigrated();
    private final Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));

    @AfterEach
    void close() {
        database.close();
    }

    private InputWatcher watcher(String start) throws IOException {
        Path own = Files.createDirectories(folder.resolve("routes/tides"));
        Files.writeString(own.resolve("tides.properties"), """
                tides.raw=%s
                kind.tides.raw=place
                tides.every=2s
                kind.tides.every=duration
                """.formatted(folder.resolve("raw")));
        Files.writeString(own.resolve(Pipeline.FILE), """
                title: Tides
                description: Sums up readings
                task: sum
                inputs:
                  location: tides.raw
                  files:
                    - name: stations.csv
                    - pattern: readings_*_{year}.csv
                """ + start);
        Settings settings = SettingsLoader.load(
                TestService.HOME,
                folder,
                Map.of("BRIGADE_ROUTES", folder.resolve("routes").toString(), "BRIGADE_SETTLE", "1ms"),
                Map.of());
        Pipeline tides = Pipelines.read(settings.routeFolders()).get("tides");
        return new SetWatcher(
                tides,
                new PipelineSettings(settings),
                TestLocations.FOLDERS,
                ledger,
                new Degradations(InstantSource.system()));
    }

    private void put(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve("raw"));
        Files.writeString(folder.resolve("raw").resolve(name), text);
    }

    private Run claimed(InputWatcher watcher) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> watcher.check(), Optional::isPresent)
                .orElseThrow();
    }

    private String triggerOf(Run run) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT trigger FROM brigade.runs WHERE run_id = " + run.id())) {
            row.next();
            return row.getString(1);
        }
    }

    private void fail(Run run) throws Exception {
        ledger.fail(run, "for the test", Optional.empty(), Optional.empty());
    }

    @Test
    void a_pattern_needs_one_file_and_takes_all_and_another_one_is_a_new_run() throws Exception {
        InputWatcher watcher = watcher("");
        put("stations.csv", "station\n");
        put("readings_north_2024.csv.part", "station\n");
        assertThat(watcher.check()).isEmpty();
        assertThat(watcher.check()).as("no readings are there").isEmpty();

        put("readings_south_2023.csv", "station\n");
        put("readings_north_2024.csv", "station\n");
        Run first = claimed(watcher);
        assertThat(first.inputs())
                .extracting(Identity::name)
                .containsExactly("stations.csv", "readings_north_2024.csv", "readings_south_2023.csv");
        fail(first);
        assertThat(watcher.check()).as("nothing is new").isEmpty();

        put("readings_north_2025.csv", "station\n");
        assertThat(claimed(watcher).inputs()).hasSize(4);
    }

    @Test
    void a_marker_that_is_an_input_too_is_read_once() throws Exception {
        InputWatcher watcher = watcher("start: {marker: {location: tides.raw, name: stations.csv}}\n");
        put("readings_south_2023.csv", "station\n");
        put("stations.csv", "station\n");
        assertThat(claimed(watcher).inputs())
                .extracting(Identity::name)
                .containsExactly("stations.csv", "readings_south_2023.csv");
    }

    @Test
    void a_run_says_what_announced_it_but_not_if_that_found_its_inputs_missing() throws Exception {
        InputWatcher watcher = watcher("");
        put("stations.csv", "station\n");
        watcher.announce("upload");
        assertThat(watcher.check()).isEmpty();
        assertThat(watcher.check()).isEmpty();
        put("readings_north_2024.csv", "station\n");
        Run first = claimed(watcher);
        assertThat(triggerOf(first)).isEqualTo("timer");
        fail(first);
        put("readings_north_2025.csv", "station\n");
        watcher.announce("upload");
        assertThat(triggerOf(claimed(watcher))).isEqualTo("upload");
    }

    @Test
    void a_marker_starts_a_run_of_all_inputs_also_those_by_pattern() throws Exception {
        InputWatcher watcher = watcher("start: {marker: {location: tides.raw, name: .READY}}\n");
        put("stations.csv", "station\n");
        put("readings_south_2023.csv", "station\n");
        assertThat(watcher.check()).isEmpty();
        put(".READY", "");
        assertThat(claimed(watcher).inputs())
                .extracting(Identity::name)
                .containsExactly(".READY", "stations.csv", "readings_south_2023.csv");
    }

    @Test
    void a_schedule_begins_a_run_once_in_each_period_though_nothing_is_new() throws Exception {
        InputWatcher watcher = watcher("start: {every: tides.every}\n");
        put("stations.csv", "station\n");
        put("readings_north_2024.csv", "station\n");
        long before = System.currentTimeMillis();
        fail(claimed(watcher));
        Run second = claimed(watcher);
        assertThat(second.attempt()).as("another period is not another attempt").isEqualTo(1);
        fail(second);
        fail(claimed(watcher));
        assertThat(System.currentTimeMillis() - before)
                .as("a whole period lies between the first run and the third")
                .isGreaterThan(2000);
    }
}
