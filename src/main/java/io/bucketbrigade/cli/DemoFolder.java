package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The demo's files in a folder. */
final class DemoFolder implements DemoInputs {

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "leaderboard.raw", "{{brigade.data}}/leaderboard/raw",
                "leaderboard.result", "{{brigade.data}}/leaderboard/result");
    }

    /** What lies there already is left as it is where it is the same, so that a second demo has nothing to run. */
    @Override
    public Instant takeInSamples(Settings settings) throws IOException {
        Path samples = settings.home().resolve("samples").resolve("leaderboard");
        Path raw = Files.createDirectories(settings.path("leaderboard.raw"));
        for (String file : FILES) {
            Path there = raw.resolve(file);
            if (!Files.exists(there) || Files.mismatch(samples.resolve(file), there) >= 0) {
                Path beside = raw.resolve("." + file + ".part");
                Files.copy(samples.resolve(file), beside, StandardCopyOption.REPLACE_EXISTING);
                Files.move(beside, there, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return Files.getLastModifiedTime(raw.resolve(FILES.get(0))).toInstant();
    }

    @Override
    public List<String> howToChange(Settings settings) {
        Path messages = settings.path("leaderboard.raw").resolve(FILES.get(0));
        return List.of("Change    " + messages + ", and the ranking follows.");
    }
}
