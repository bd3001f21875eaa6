import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs whole processes side by side, alternating, and tells seconds (median, least, most) and peak memory of each.
 *
 * <p>java benchmarks/Compare.java FOLDER REPETITIONS
 */
final class Compare {
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        int repetitions = Integer.parseInt(arguments[1]);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Files.createTempDirectory("benchmark").toString();
        String fastCsv = "target/lib/fastcsv-4.1.0.jar";
        run(List.of(java + "c", "-cp", fastCsv, "-d", classes, "benchmarks/CountWithFastCsv.java"));
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("brigade aggregate, 256 MiB heap", List.of(
                java, "-XX:+UseSerialGC", "-Xmx256m", "-jar", "target/bucket-brigade.jar", "aggregate",
                folder + "/messages.csv", folder + "/users.csv", folder + "/ours.csv"));
        commands.put("FastCSV, one thread", List.of(
                java, "-XX:+UseSerialGC", "-cp", classes + File.pathSeparator + fastCsv, "CountWithFastCsv",
                folder.toString(), folder + "/fastcsv.csv"));
        Map<String, List<double[]>> measured = new LinkedHashMap<>();
        for (int repetition = 0; repetition <= repetitions; repetition++) {
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                double[] figures = run(command.getValue());
                if (repetition > 0) {
                    measured.computeIfAbsent(command.getKey(), name -> new ArrayList<>()).add(figures);
                }
            }
        }
        if (Files.mismatch(folder.resolve("ours.csv"), folder.resolve("fastcsv.csv")) >= 0) {
            throw new IllegalStateException("the results differ");
        }
        System.out.println("| | median s | least s | most s | peak MiB |\n|---|---|---|---|---|");
        measured.forEach((name, runs) -> {
            double[] seconds = runs.stream().mapToDouble(run -> run[0]).sorted().toArray();
            double peak = runs.stream().mapToDouble(run -> run[1]).max().orElse(0);
            System.out.printf("| %s | %.2f | %.2f | %.2f | %.0f |%n",
                    name, seconds[seconds.length / 2], seconds[0], seconds[seconds.length - 1], peak);
        });
    }

    /** Seconds, and the peak resident memory in MiB as Linux tells it shortly before the end. */
    private static double[] run(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long peak = 0;
        while (process.isAlive()) {
            Thread.sleep(5);
            peak = Math.max(peak, peakKib(status));
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue());
        }
        return new double[] {(System.nanoTime() - start) / 1e9, peak / 1024.0};
    }

    private static long peakKib(Path status) throws IOException {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException ended) {
            return 0;
        }
    }
}
