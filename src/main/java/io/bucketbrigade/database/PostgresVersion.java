package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The version of the embedded PostgreSQL. One of another major version can't read its data. */
final class PostgresVersion {
    /** As the build wrote it down: 18.4.0. */
    private static final String EMBEDDED = read();

    private PostgresVersion() {}

    /**
     * Refuses data of another major version than the embedded one.
     *
     * @param data the folder of the data; it may be missing
     * @throws Problem if they are of another version; says how to move them
     * @throws IOException if the file that says so can't be read
     */
    static void require(Path data) throws IOException {
        Path file = data.resolve("PG_VERSION");
        if (!Files.exists(file)) {
            return;
        }
        String made = Files.readString(file).strip();
        String ours = EMBEDDED.substring(0, EMBEDDED.indexOf('.'));
        if (!made.equals(ours)) {
            throw new Problem(
                    Kind.USAGE,
                    data + " was made by PostgreSQL " + made + ", and this Bucket Brigade has PostgreSQL " + ours
                            + ", which can't read it. Nothing was changed. Call ./brigade backup FILE with the version of Bucket Brigade"
                            + " that ran on it before, then ./brigade restore FILE with this one.");
        }
    }

    private static String read() {
        try (InputStream in = PostgresVersion.class.getResourceAsStream("/embedded-postgres.version")) {
            if (in == null) {
                throw new IllegalStateException("embedded-postgres.version is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
