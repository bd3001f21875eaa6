package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The samples of the pipelines stocks and orders, in folders of the demo's own. */
final class DemoSamples {
    private static final String MARKER = ".SUCCESS";

    private DemoSamples() {}

    /** Settings that keep a demo apart from what is the user's: folders, and people who would get mails. */
    static Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("stocks.source", "{{brigade.data}}/stocks/source"),
                Map.entry("stocks.monitored", "{{brigade.data}}/stocks/source"),
                Map.entry("stocks.output", "{{brigade.data}}/stocks/source/Output"),
                Map.entry("orders.raw", "{{brigade.data}}/orders/raw"),
                Map.entry("orders.result", "{{brigade.data}}/orders/result"),
                Map.entry("orders.quiet", "1s"),
                Map.entry("orders.holidays", "US"),
                // The day after the last of the sample's orders.
                Map.entry("orders.reference.date", "2026-11-22"),
                Map.entry("brigade.mail.to", ""),
                Map.entry("brigade.sns.topic", ""));
    }

    /**
     * Puts the samples there, the marker last; once only, so that what the user changes stays.
     *
     * @throws IOException if they can't be put there
     */
    static void takeIn(Settings settings) throws IOException {
        Path samples = settings.home().resolve("samples");
        copyFiles(samples.resolve("orders"), settings.path("orders.raw"));
        Path source = settings.path("stocks.source");
        if (Files.exists(source.resolve(MARKER))) {
            return;
        }
        for (String folder : List.of("CompanyNames", "Stocks")) {
            copyFiles(samples.resolve("stocks").resolve(folder), source.resolve(folder));
        }
        Files.writeString(source.resolve(MARKER), "");
    }

    private static void copyFiles(Path from, Path into) throws IOException {
        Files.createDirectories(into);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = into.resolve(String.valueOf(file.getFileName()));
                if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }
    }
}
