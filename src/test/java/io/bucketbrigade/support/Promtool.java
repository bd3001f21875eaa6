package io.bucketbrigade.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus's own check of what it reads; tests that need it are skipped where it is not installed. */
public final class Promtool {
    private static final Path PROGRAM = Path.of("/usr/bin/promtool");

    private Promtool() {}

    /** Runs it in a folder, with a file as its input, and asserts that it finds nothing wrong. */
    public static void accepts(Path folder, Path input, String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PROGRAM), "promtool is not installed (Debian: apt-get install prometheus)");
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("promtool", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean hasEnded = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(hasEnded).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
