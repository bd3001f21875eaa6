package io.bucketbrigade.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.RowCounts;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Files each of which is a run of its own. */
@Tag("slow")
class EachFileWatcherTest {
    @TempDir
    private Path folder = Path.of("");

    private final Database database = TestDatabase.newMigrated();
    private final Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));

    @AfterEach
    void close() {
        database.close();
    }

    private InputWatcher watcher(String settle) throws IOException {
        Path own = Files.createDirectories(folder.resolve("routes/tides"));
        Files.createDirectories(folder.resolve("raw"));
        Files.writeString(own.resolve("tides.properties"), """
                tides.raw=%s
                kind.tides.raw=place
                tides.schedule=0 0 29 2 *
                kind.tides.schedule=schedule
                """.formatted(folder.resolve("raw")));
        Files.writeString(own.resolve(Pipeline.FILE), """
                title: Tides
                description: Sums up readings
                task: sum
                inputs:
                  location: tides.raw
                  files: [{pattern: "*.csv"}]
                start: {eachFile: tides.schedule}
                """);
        Settings settings = SettingsLoader.load(
                TestService.HOME,
                folder,
                Map.of("BRIGADE_ROUTES", folder.resolve("routes").toString(), "BRIGADE_SETTLE", settle),
                Map.of());
        return new EachFileWatcher(
                Pipelines.read(settings.routeFolders()).get("tides"),
                new PipelineSettings(settings),
                TestLocations.FOLDERS,
                ledger,
                new Degradations(InstantSource.system()));
    }

    private void put(String name, String text) throws IOException {
        Files.writeString(folder.resolve("raw").resolve(name), text);
    }

    private static Run claimed(InputWatcher watcher) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> watcher.check(), Optional::isPresent)
                .orElseThrow();
    }

    /** Fails each run that is claimed until nothing is left to do; gives the names of their files. */
    private List<String> failAll(InputWatcher watcher) throws Exception {
        List<String> names = new ArrayList<>();
        for (Optional<Run> run = watcher.check(); run.isPresent(); run = watcher.check()) {
            assertThat(run.get().inputs()).hasSize(1);
            names.add(run.get().inputs().get(0).name());
            ledger.fail(run.get(), "for the test", Optional.empty(), Optional.empty());
        }
        return names;
    }

    @Test
    void each_file_is_a_run_and_one_that_failed_waits_until_it_changes_or_somebody_asks() throws Exception {
        InputWatcher watcher = watcher("0ms");
        put("b.csv", "1");
        put("a.csv", "1");
        put("a.txt", "1");
        assertThat(failAll(watcher)).containsExactly("a.csv", "b.csv");

        put("c.csv", "1");
        assertThat(failAll(watcher)).as("it is not time to look").isEmpty();
        watcher.announce("event");
        assertThat(failAll(watcher)).as("the others would fail again").containsExactly("c.csv");
        put("a.csv", "12");
        watcher.announce("event");
        assertThat(failAll(watcher)).containsExactly("a.csv");
        assertThat(watcher("0ms").check())
                .as("nothing is left at another start")
                .isEmpty();
    }

    @Test
    void what_only_looks_like_a_file_to_be_run_is_named_once() throws Exception {
        Files.createDirectories(folder.resolve("raw/within"));
        Files.createDirectory(folder.resolve("raw/folder.csv"));
        Files.createSymbolicLink(folder.resolve("raw/link.csv"), folder.resolve("nothing"));
        put("within/a.csv", "1");
        put("within/b.csv", "1");
        put("prices.xlsx", "1");
        put("large.csv.part", "1");
        put(".hidden", "1");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(EachFileWatcher.class);
        logged.start();
        log.addAppender(logged);
        // A command that another test has run may have silenced the program.
        log.setLevel(Level.INFO);
        try {
            InputWatcher watcher = watcher("0ms");
            assertThat(watcher.check()).isEmpty();
            watcher.announce("event");
            assertThat(watcher.check()).isEmpty();
        } finally {
            log.detachAppender(logged);
        }
        assertThat(logged.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "tides: files in the folder within are ignored: they must be in " + folder.resolve("raw")
                                + " itself",
                        "tides: folder.csv is not a file, or a link to nothing, and is ignored",
                        "tides: link.csv is not a file, or a link to nothing, and is ignored",
                        "tides: prices.xlsx is ignored, because only files called *.csv are read");
    }

    @Test
    void asked_to_run_again_it_runs_what_has_not_succeeded() throws Exception {
        InputWatcher watcher = watcher("0ms");
        put("good.csv", "1");
        Run good = claimed(watcher);
        succeed(good);
        put("bad.csv", "1");
        watcher.announce("event");
        assertThat(failAll(watcher)).containsExactly("bad.csv");
        watcher.again().set("corrected the header");
        assertThat(failAll(watcher)).containsExactly("bad.csv");
    }

    private void succeed(Run run) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            RowCounts counts = new RowCounts(0, 0, 0, Map.of(), List.of());
            ledger.beginEnd(connection, run, counts, "");
            ledger.end(connection, run, counts, List.of(), "");
            connection.commit();
            ledger.ended(run);
        }
    }

    @Test
    void a_file_that_failed_for_a_transient_reason_is_run_again_without_being_asked() throws Exception {
        InputWatcher watcher = watcher("0ms");
        put("a.csv", "1");
        Run first = claimed(watcher);
        ledger.fail(first, "for the test", Optional.of(Duration.ofMillis(300)), Optional.empty());
        Run second = claimed(watcher);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.inputs()).extracting(Identity::name).containsExactly("a.csv");
    }

    @Test
    void while_one_file_is_being_written_the_others_are_run() throws Exception {
        InputWatcher watcher = watcher("2s");
        put("whole.csv", "1");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            put("growing.csv", "1" + System.nanoTime());
            return watcher.check()
                    .filter(run -> run.inputs().get(0).name().equals("whole.csv"))
                    .isPresent();
        });
    }
}
