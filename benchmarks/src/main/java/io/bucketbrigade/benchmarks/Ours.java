package io.bucketbrigade.benchmarks;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The product's own routes in this JVM, kept warm as in the standing service: count, join, sort, write the result. */
final class Ours implements AutoCloseable {
    private final OneShot camel;

    Ours(Path home) throws Exception {
        Settings settings = SettingsLoader.load(home, home, Map.of(), Map.of());
        camel = new OneShot(
                settings,
                List.of(
                        "shared/inner-steps.camel.yaml",
                        "leaderboard/leaderboard-parts.camel.yaml",
                        "leaderboard/leaderboard-aggregate.camel.yaml",
                        "leaderboard/leaderboard-rank.camel.yaml",
                        "leaderboard/leaderboard-count.camel.yaml",
                        "leaderboard/leaderboard-name.camel.yaml"),
                null);
    }

    void rank(Path folder, String result) throws Exception {
        try (Inputs inputs = new Inputs()
                .with("messages.csv", open(folder, "messages.csv"))
                .with("users.csv", open(folder, "users.csv"))) {
            camel.call(
                    "direct:leaderboard-aggregate",
                    "",
                    Map.of("inputs", inputs, "resultFolder", folder.toString(), "resultName", result));
        }
    }

    /** Only counting, without users.csv and result. */
    void count(Path folder) throws Exception {
        try (Inputs inputs = new Inputs().with("messages.csv", open(folder, "messages.csv"))) {
            camel.call("direct:leaderboard-count", "", Map.of("inputs", inputs));
        }
    }

    private Source open(Path folder, String name) throws Exception {
        return camel.locations().open(folder.resolve(name).toString());
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
