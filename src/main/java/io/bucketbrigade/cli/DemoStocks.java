package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The samples of the pipeline stocks, in a folder of the demo's own. */
final class DemoStocks {
    private static final String MARKER = ".SUCCESS";

    private DemoStocks() {}

    /** Settings that keep a demo apart from what is the user's: folders, and people who would get mails. */
    static Map<String, String> settings() {
        return Map.of(
                "stocks.source", "{{brigade.data}}/stocks/source",
                "stocks.monitored", "{{brigade.data}}/stocks/source",
                "stocks.output", "{{brigade.data}}/stocks/source/Output",
                "brigade.mail.to", "",
                "brigade.sns.topic", "");
    }

    /**
     * Puts the samples there, the marker last; once only, so that what the user changes stays.
     *
     * @throws IOException if they can't be put there
     */
    static void takeInSamples(Settings settings) throws IOException {
        Path source = settings.path("stocks.source");
        if (Files.exists(source.resolve(MARKER))) {
            return;
        }
        Path samples = settings.home().resolve("samples").resolve("stocks");
        for (String folder : List.of("CompanyNames", "Stocks")) {
            Files.createDirectories(source.resolve(folder));
            try (Stream<Path> files = Files.list(samples.resolve(folder))) {
                for (Path file : files.toList()) {
                    Path target = source.resolve(samples.relativize(file));
                    if (!Files.exists(target)) {
                        Files.copy(file, target);
                    }
                }
            }
        }
        Files.writeString(source.resolve(MARKER), "");
    }
}
