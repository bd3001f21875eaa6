package io.bucketbrigade.support;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        copy(setUp().resolve(PROGRAM), folder.resolve(PROGRAM), true);
        copy(setUp().resolve(DATA), folder.resolve(DATA), false);
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

    private static void copy(Path from, Path to, boolean linked) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copied = to.resolve(from.relativize(file));
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && copied.equals(to)) {
                    Files.createDirectories(to);
                    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
                } else if (linked && isPlain(file) && isOnOneDisk(file, to)) {
                    Files.createLink(copied, file);
                } else {
                    Files.copy(file, copied, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static boolean isPlain(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOnOneDisk(Path one, Path other) throws IOException {
        return Files.getFileStore(one).equals(Files.getFileStore(other));
    }
}
