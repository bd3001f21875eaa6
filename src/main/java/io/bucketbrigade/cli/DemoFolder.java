package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The demo's files in a folder, where {@link DemoSamples} puts those of every pipeline. */
final class DemoFolder implements DemoInputs {
    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public Instant putSamples(Settings settings) throws IOException {
        return Files.getLastModifiedTime(messages(settings)).toInstant();
    }

    @Override
    public List<String> howToChange(Settings settings) {
        return List.of("Change    " + messages(settings) + ", and the ranking follows.");
    }

    private static Path messages(Settings settings) {
        return settings.path("leaderboard.raw").resolve(FILES.get(0));
    }
}
