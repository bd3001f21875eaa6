package io.bucketbrigade.benchmarks;

import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The product's own routes in this JVM, kept warm as in the service: count, join, sort, write the result. */
final class Ours implements AutoCloseable {
    private final OneShot camel;

    Ours(Path home) throws Exception {
        this(home, Map.of(), "");
    }

    /**
     * @param environment with which it finds S3
     * @param place something in it
     */
    Ours(Path home, Map<String, String> environment, String place) throws Exception {
        Settings settings = SettingsLoader.load(home, home, environment, Map.of());
        camel = new OneShot(
                settings, "leaderboard", List.of("leaderboard-aggregate", "leaderboard-count"), List.of(place), null);
    }

    void rank(Path folder, String result) throws Exception {
        rank(folder.toString(), folder, result);
    }

    /** Ranks the files of a folder or bucket, into a file in a folder. */
    void rank(String raw, Path folder, String result) throws Exception {
        try (Inputs inputs = new Inputs()
                .with("messages.csv", camel.locations().open(raw + "/messages.csv"))
                .with("users.csv", camel.locations().open(raw + "/users.csv"))) {
            camel.call(
                    "direct:leaderboard-aggregate",
                    "",
                    Map.of(Work.VARIABLE, Work.unrecorded("leaderboard", inputs), "resultFolder", folder.toString(), "resultName", result));
        }
    }

    /** Only counting, without users.csv and result. */
    void count(Path folder) throws Exception {
        try (Inputs inputs = new Inputs().with(
                "messages.csv", camel.locations().open(folder.resolve("messages.csv").toString()))) {
            camel.call(
                    "direct:leaderboard-count", "", Map.of(Work.VARIABLE, Work.unrecorded("leaderboard", inputs)));
        }
    }

    @Override
    public void close() {
        camel.close();
    }

    /** Removes a folder and all that is in it. */
    static void remove(Path folder) throws Exception {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
