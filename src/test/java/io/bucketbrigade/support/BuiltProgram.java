package io.bucketbrigade.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The built program, started with the options that the start script gives to a command: compiling less halves what a start takes. */
public final class BuiltProgram {
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    public static final Path JAR = TestService.HOME.resolve("target/bucket-brigade.jar");

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
        List<String> command =
                new ArrayList<>(List.of(JAVA, "-Xmx" + megabytes + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
