package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A folder for a service that reads stocks, with files and marker. */
abstract class StocksFolder {
    static final Path SAMPLES = TestService.HOME.resolve("samples/stocks");

    @TempDir
    Path folder = Path.of("");

    Path source() {
        return folder.resolve("stocks/source");
    }

    void copy(Path from) throws IOException {
        for (String part : List.of("CompanyNames", "Stocks")) {
            try (Stream<Path> files = Files.walk(from.resolve(part))) {
                for (Path file : files.toList()) {
                    Path target = source().resolve(from.relativize(file));
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }

    void file(String name, String text) throws IOException {
        Path file = source().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    void mark(String text) throws IOException {
        file(".SUCCESS", text);
    }

    String output(String name) throws IOException {
        return Files.readString(source().resolve("Output").resolve(name));
    }
}
