package io.bucketbrigade.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.release.ReleaseTools.Ended;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release as somebody gets it who has no Java: unpacked into a read-only folder with a blank in its name, called by a link in ~/bin, by a user without
 * rights. Bubblewrap (bwrap) makes such a machine of this one; where there is none, or no JDK that can make a runtime, nothing is tested here.
 */
@Tag("slow")
class ReleaseIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    /** Some user that the machine knows: initdb refuses others. */
    private static final String NOBODY = "65534";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private static Path folder = Path.of("");

    private static Path release = Path.of("");

    @BeforeAll
    static void unpack() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
        Assumptions.assumeTrue(
                Files.isDirectory(JDK.resolve("jmods")), JDK + " has no jmods, so no runtime can be made of it");
        Path log = folder.resolve("log.txt");
        succeed(ReleaseTools.manualPages(log, TestService.HOME.resolve("target/man")));
        Path completion = Files.createDirectories(TestService.HOME.resolve("target/completion"));
        succeed(ReleaseTools.run(
                completion.resolve("brigade"),
                List.of(BuiltProgram.JAVA, "-jar", BuiltProgram.JAR.toString(), "completion", "bash")));
        Path folders = folder.resolve("folders");
        succeed(ReleaseTools.releaseFolder(log, folders, JDK, ""));
        succeed(ReleaseTools.archive(log, folders));
        Path archive = files(folder).stream()
                .filter(file -> file.toString().endsWith(".tar.gz"))
                .findFirst()
                .orElseThrow();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        succeed(ReleaseTools.run(log, List.of("tar", "-xzf", archive.toString(), "-C", empty.toString())));
        release = files(empty).get(0);
        Path bin = Files.createDirectories(folder.resolve("home/bin"));
        Files.createSymbolicLink(bin.resolve("brigade"), Path.of("../../a release/brigade"));
        Files.createDirectories(folder.resolve("work"));
    }

    private static void succeed(Ended ended) {
        assertThat(ended.status()).as(ended.output()).isZero();
    }

    private static List<Path> files(Path where) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.toList();
        }
    }

    private static List<String> withoutJava(String... command) {
        List<String> jailed = new ArrayList<>(List.of("bwrap", "--ro-bind", "/", "/", "--dev", "/dev"));
        jailed.addAll(List.of("--tmpfs", JDK.toString(), "--tmpfs", "/tmp", "--tmpfs", "/mnt"));
        if (Files.isDirectory(Path.of("/usr/lib/jvm"))) {
            jailed.addAll(List.of("--tmpfs", "/usr/lib/jvm"));
        }
        jailed.addAll(List.of("--ro-bind", release.toString(), "/mnt/a release"));
        jailed.addAll(List.of("--bind", folder.resolve("home").toString(), "/mnt/home"));
        jailed.addAll(List.of("--bind", folder.resolve("work").toString(), "/mnt/work", "--chdir", "/mnt/work"));
        jailed.addAll(List.of("--clearenv", "--setenv", "PATH", "/mnt/home/bin:/usr/bin:/bin"));
        jailed.addAll(List.of("--setenv", "HOME", "/mnt/home"));
        jailed.addAll(List.of("--unshare-pid", "--proc", "/proc", "--die-with-parent"));
        jailed.addAll(List.of("--unshare-user", "--uid", NOBODY, "--gid", NOBODY));
        jailed.addAll(List.of(command));
        return jailed;
    }

    private static Ended run(String... command) throws Exception {
        return ReleaseTools.run(folder.resolve("output.txt"), withoutJava(command));
    }

    @Test
    void commands_run_without_java_by_a_link_from_any_folder() throws Exception {
        assertThat(run("sh", "-c", "java -version").status()).isEqualTo(127);
        Ended version = run("brigade", "--version");
        assertThat(version.output()).contains("Bucket Brigade ").contains(", Java " + Runtime.version());
        assertThat(run("brigade", "--version").output()).as("the second").startsWith("Bucket Brigade ");
        assertThat(files(folder.resolve("home/.cache/bucket-brigade"))).hasSize(1);
        String samples = "/mnt/a release/samples/leaderboard/";
        succeed(run("brigade", "aggregate", samples + "messages.csv", samples + "users.csv", "ranking.csv"));
        assertThat(folder.resolve("work/ranking.csv"))
                .hasSameTextualContentAs(TestService.HOME.resolve("samples/leaderboard/pipeline_result.expected.csv"));
    }

    @Test
    void the_service_runs_with_its_own_database() throws Exception {
        int port = TestService.freePort();
        Path log = folder.resolve("service.txt");
        Path raw = Files.createDirectories(folder.resolve("work/data/leaderboard/raw"));
        for (String file : List.of("messages.csv", "users.csv")) {
            Files.copy(TestService.HOME.resolve("samples/leaderboard").resolve(file), raw.resolve(file));
        }
        Process service = new ProcessBuilder(withoutJava("env", "BRIGADE_HTTP_PORT=" + port, "HOME=", "brigade", "up"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(service.isAlive()).as(Files.readString(log)).isTrue();
                assertThat(ask(port, "/leaderboard")).contains("\"messages\":12");
            });
            assertThat(ask(port, "/version")).contains(Runtime.version().toString());
            assertThat(ask(port, "/observe/health")).contains("\"UP\"");
        } finally {
            stop(service);
        }
        assertThat(Files.readString(log))
                .contains("Starting Bucket Brigade ", "Bucket Brigade is up.", "Stopped.")
                .doesNotContain("Preparing", "WARN", "ERROR", "Read-only file system");
    }

    private static void stop(Process service) throws InterruptedException {
        service.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .forEach(ProcessHandle::destroy);
        if (!service.waitFor(2, TimeUnit.MINUTES)) {
            service.destroyForcibly().waitFor();
        }
    }

    private static String ask(int port, String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException notUpYet) {
            return "";
        }
    }

    @Test
    void it_holds_what_belongs_to_a_release_and_libraries_of_one_platform() throws Exception {
        for (String part : List.of(
                "LICENSE",
                "README.md",
                "THIRD-PARTY.txt",
                "bucket-brigade-sbom.json",
                "docs/README.md",
                "share/man/man1/brigade.1",
                "share/bash-completion/completions/brigade",
                "runtime/legal/java.base/LICENSE")) {
            assertThat(release.resolve(part)).isNotEmptyFile();
        }
        assertThat(files(release.resolve("lib")))
                .filteredOn(file -> file.toString().contains("libduckdb_java.so"))
                .hasSize(1);
        assertThat(Files.readString(folder.resolve("SHA256SUMS")))
                .containsPattern("(?m)^[0-9a-f]{64}  bucket-brigade-1\\.2\\.3-[a-z]+-[a-z0-9]+\\.tar\\.gz$")
                .containsPattern("(?m)^[0-9a-f]{64}  bucket-brigade-1\\.2\\.3-sbom\\.json$");
        succeed(ReleaseTools.run(
                folder.resolve("sums.txt"), List.of("sh", "-c", "cd '" + folder + "' && sha256sum -c SHA256SUMS")));
    }
}
