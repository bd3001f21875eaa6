package io.bucketbrigade.cli;

import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.BrigadeService;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Does once what the other commands do, with the samples and in a folder that is removed again. The JVM writes down which
 * classes that took (class data sharing, or the ahead-of-time cache of JDK 25), and every later start is faster for it. The
 * script {@code brigade} calls this after a build.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Starts and stops everything once, so that the JVM can record what a start needs.",
        mixinStandardHelpOptions = true)
final class RehearseCommand extends ServiceCommand {

    /** What is rehearsed. */
    enum Part {
        /** Commands that do one thing and end. */
        command,
        /** The service. */
        service
    }

    @Parameters(description = "What to rehearse: ${COMPLETION-CANDIDATES}")
    private Part part = Part.command;

    @Override
    public Integer call() throws Exception {
        Path folder = TemporaryFolder.create("brigade-rehearsal");
        try {
            return part == Part.command ? aggregate(folder) : serve(folder);
        } finally {
            TemporaryFolder.remove(folder);
        }
    }

    /**
     * None of the user's settings: their pipelines and accounts have no part in this. PATH makes it load what looks for misspelt
     * variables, as every start does.
     */
    private Map<String, String> bareEnvironment() {
        return Map.of("BRIGADE_HOME", variable("BRIGADE_HOME"), "PATH", variable("PATH"));
    }

    private int aggregate(Path folder) {
        Path samples = Brigade.settings(bareEnvironment(), Map.of())
                .home()
                .resolve("samples")
                .resolve("leaderboard");
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return Brigade.run(
                bareEnvironment(),
                nowhere,
                nowhere,
                "aggregate",
                samples.resolve("messages.csv").toString(),
                samples.resolve("users.csv").toString(),
                folder.resolve("ranking.csv").toString());
    }

    private int serve(Path folder) throws Exception {
        Settings settings = Brigade.settings(
                bareEnvironment(),
                Map.of(
                        "brigade.data",
                        folder.resolve("data").toString(),
                        "brigade.http.port",
                        Integer.toString(freePort()),
                        "leaderboard.raw",
                        "{{brigade.data}}/leaderboard/raw",
                        "leaderboard.result",
                        "{{brigade.data}}/leaderboard/result"));
        Path raw = settings.path("leaderboard.raw");
        Path samples = settings.home().resolve("samples").resolve("leaderboard");
        Files.createDirectories(raw);
        for (String file : List.of("messages.csv", "users.csv")) {
            Files.copy(samples.resolve(file), raw.resolve(file));
        }
        try (BrigadeService service = new BrigadeService(settings)) {
            service.start();
            Instant modified =
                    Files.getLastModifiedTime(raw.resolve("messages.csv")).toInstant();
            DemoCommand.awaitRanking(service, settings, modified, () -> false);
        }
        return 0;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
