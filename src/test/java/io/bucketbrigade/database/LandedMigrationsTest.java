package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Databases remember the migrations that they have seen, and refuse to go on if one is another one. So a migration that has landed is never changed,
 * renamed or removed; what it should have done is done by a new one.
 */
class LandedMigrationsTest {
    private static final Path LANDED =
            TestService.HOME.resolve("src/test/resources/io/bucketbrigade/database/landed-migrations.txt");

    private static List<String> present() throws IOException {
        Path routes = TestService.HOME.resolve("routes");
        try (Stream<Path> files = Files.walk(routes)) {
            return files.filter(file -> file.toString().matches(".*/migrations/V[^/]*\\.sql"))
                    .map(file -> digest(file) + "  " + routes.relativize(file))
                    .sorted()
                    .toList();
        }
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)))
                    .substring(0, 16);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_migration_that_has_landed_stays_as_it_is() throws IOException {
        assertThat(present())
                .as(
                        "Put a landed migration back as it was, and make the change in a new one. Add the line of a new one to "
                                + LANDED)
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(LANDED));
    }
}
