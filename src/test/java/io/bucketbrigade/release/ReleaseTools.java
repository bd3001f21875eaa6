package io.bucketbrigade.release;

import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is in deploy/release, run from source as the build runs it. */
final class ReleaseTools {
    static final String VERSION = "1.2.3";
    private static final Path PROJECT = TestService.HOME;

    private ReleaseTools() {}

    /** How a process ended, and what it printed. */
    record Ended(int status, String output) {}

    static Ended run(Path log, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(PROJECT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(15, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }

    private static Ended tool(Path log, String classPath, String tool, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(BuiltProgram.JAVA, "-XX:TieredStopAtLevel=1"));
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", classPath));
        }
        command.add("deploy/release/" + tool + ".java");
        command.addAll(arguments);
        return run(log, command);
    }

    static Ended manualPages(Path log, Path folder) throws Exception {
        return tool(log, "target/bucket-brigade.jar", "ManualPages", List.of(folder.toString(), VERSION));
    }

    static Ended releaseFolder(Path log, Path folders, Path jdk, String target) throws Exception {
        return tool(log, "", "ReleaseFolder", List.of(VERSION, folders.toString(), jdk.toString(), target));
    }

    /** The archives go into the folder above. */
    static Ended archive(Path log, Path folders) throws Exception {
        return tool(
                log,
                "target/lib/*",
                "ReleaseArchive",
                List.of(folders.toString(), "2026-01-01T00:00:00Z", "target/bucket-brigade-sbom.json", VERSION));
    }
}
