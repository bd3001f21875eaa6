package io.bucketbrigade.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The built program, started as the start script starts it: from an archive of what it loads, and compiling as little as for a command.
 * Starts are most of what its tests do, and this halves what they take.
 */
public final class BuiltProgram {
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    public static final Path JAR = TestService.HOME.resolve("target/bucket-brigade.jar");

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
        Path archive = OncePerBuild.made("start.archive", JAR, BuiltProgram::makeArchive);
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx" + megabytes + "m"));
        command.addAll(OPTIONS);
        command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void makeArchive(Path place) throws IOException, InterruptedException {
        Path log = place.resolveSibling("log.txt");
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(OPTIONS);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + place, "-jar", JAR.toString(), "rehearse", "service"));
        Process rehearsal = new ProcessBuilder(command)
                .directory(TestService.HOME.resolve("target/test-servers").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!rehearsal.waitFor(2, TimeUnit.MINUTES) || rehearsal.exitValue() != 0) {
            rehearsal.destroyForcibly();
            throw new IllegalStateException("rehearse failed or took too long; see " + log);
        }
    }
}
