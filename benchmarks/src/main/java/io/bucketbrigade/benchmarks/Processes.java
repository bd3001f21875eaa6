package io.bucketbrigade.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Whole processes. */
final class Processes {
    private Processes() {}

    /**
     * What a process took.
     *
     * @param seconds from its start to its end
     * @param peakMebibytes its resident memory at most, as Linux reported it last
     */
    record Outcome(double seconds, double peakMebibytes) {}

    /** Runs one to its end. */
    static Outcome run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("benchmark", ".log");
        long start = System.nanoTime();
        Process process = start(environment, command, output);
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long peak = 0;
        while (!process.waitFor(3, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakKib(status));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command + " failed: " + Files.readString(output));
        }
        Files.delete(output);
        return new Outcome(seconds, peak / 1024.0);
    }

    /** Runs one and gives what it printed. */
    static String print(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("benchmark", ".log");
        Process process = start(Map.of(), command, output);
        process.waitFor();
        String text = Files.readString(output);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command + " failed: " + text);
        }
        return text;
    }

    static Process start(Map<String, String> environment, List<String> command, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    static long peakKib(Path status) throws IOException {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException | UncheckedIOException ended) {
            return 0;
        } catch (IOException endedWhileRead) {
            return 0;
        }
    }
}
