package io.bucketbrigade.support;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * The embedded PostgreSQL, unpacked and set up. Who copies it spares its server both, which take longer than most tests; what is about
 * a first start must not.
 */
public final class SetUpPostgres {
    private static final String PROGRAM = "postgres-program";
    private static final String DATA = "postgres";

    private SetUpPostgres() {}

    /**
     * Puts program and data where a service has them.
     *
     * @param folder the folder of the service's data
     * @throws IOException if it can't be written
     */
    public static void copyInto(Path folder) throws IOException {
        FolderCopy.copy(setUp().resolve(PROGRAM), folder.resolve(PROGRAM));
        FolderCopy.copy(setUp().resolve(DATA), folder.resolve(DATA));
        markUnpacked(folder.resolve(PROGRAM));
    }

    /** The library unpacks again whatever has changed since its mark, as the folders of a copy have. */
    private static void markUnpacked(Path programs) throws IOException {
        try (Stream<Path> each = Files.list(programs)) {
            for (Path program : each.filter(Files::isDirectory).toList()) {
                Files.setLastModifiedTime(program.resolve(".exists"), FileTime.from(Instant.now()));
            }
        }
    }

    private static Path setUp() {
        // The name is another one for another version.
        String binaries = String.valueOf(SetUpPostgres.class.getClassLoader().getResource("postgres-linux-x86_64.txz"));
        return OncePerBuild.made(
                "postgres-" + Integer.toHexString(binaries.hashCode()),
                TestService.HOME.resolve("pom.xml"),
                place -> Database.embedded(new EmbeddedServer(place.resolve(DATA), 0))
                        .close());
    }
}
