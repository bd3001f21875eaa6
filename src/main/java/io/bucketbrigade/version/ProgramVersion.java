package io.bucketbrigade.version;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The version of the program. It has no time of the build, so that two builds of one commit are the same.
 *
 * @param version that of pom.xml
 * @param revision the commit in full, with {@code -dirty} behind it if the sources were changed after it; {@code unknown} if the
 *     program was built from sources without their history
 * @param java the Java runtime that runs it
 */
public record ProgramVersion(String version, String revision, String java) {
    private static final String FILE = "/bucket-brigade.properties";
    private static final int SHORT_REVISION = 12;

    /** The version as the build wrote it into the program. */
    public static ProgramVersion current() {
        try (InputStream file = ProgramVersion.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not in the program");
            }
            Properties written = new Properties();
            written.load(file);
            return of(written, Runtime.version().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProgramVersion of(Properties written, String java) {
        String commit = written.getProperty("revision", "");
        boolean known = commit.matches("[0-9a-f]{7,64}");
        String suffix = known && "true".equals(written.getProperty("modified")) ? "-dirty" : "";
        return new ProgramVersion(written.getProperty("version", "unknown"), known ? commit + suffix : "unknown", java);
    }

    /** One line for people. */
    public String line() {
        String commit = revision.replaceFirst("^([0-9a-f]{" + SHORT_REVISION + "})[0-9a-f]+", "$1");
        return "Bucket Brigade " + version + " (revision " + commit + ", Java " + java + ")";
    }
}
