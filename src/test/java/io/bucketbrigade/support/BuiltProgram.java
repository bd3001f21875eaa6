package io.bucketbrigade.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The built program, started as the start script starts it: from an archive of what it loads, and compiling as little as for a command.
 * Starts are most of what its tests do, and this halves what they take.
 */
public final class BuiltProgram {
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    public static final Path JAR = TestService.HOME.resolve("target/bucket-brigade.jar");

    private static final Path FOLDER = TestService.HOME.resolve("target/test-servers");
    private static final Path ARCHIVE = FOLDER.resolve("start.archive");
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private BuiltProgram() {}

    /** With a heap of 256 MB. */
    public static List<String> command(String... arguments) {
        return commandWithin(256, arguments);
    }

    /**
     * With a heap of so many megabytes.
     *
     * @param megabytes the heap
     */
    public static List<String> commandWithin(int megabytes, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx" + megabytes + "m"));
        command.addAll(OPTIONS);
        command.addAll(List.of("-XX:SharedArchiveFile=" + archive(), "-Xlog:cds=off", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Made by whichever test needs it first, once for each build. */
    private static synchronized Path archive() {
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel file = FileChannel.open(
                            FOLDER.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock ours = file.lock()) {
                if (ours.isValid() && !isUpToDate()) {
                    makeArchive();
                }
            }
            return ARCHIVE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isUpToDate() throws IOException {
        return Files.exists(ARCHIVE)
                && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(JAR)) > 0;
    }

    private static void makeArchive() throws IOException, InterruptedException {
        Path made = FOLDER.resolve("start.new");
        Path log = FOLDER.resolve("start.log");
        Files.deleteIfExists(made);
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(OPTIONS);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, "-jar", JAR.toString(), "rehearse", "service"));
        int status = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("rehearse ended with " + status + "; see " + log);
        }
        Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
