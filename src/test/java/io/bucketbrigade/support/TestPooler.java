package io.bucketbrigade.support;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A real pgbouncer in transaction mode that gives each transaction the session that has rested longest. */
public final class TestPooler implements AutoCloseable {
    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

    private final Process process;
    private final int port = TestService.freePort();
    private final URI behind;

    /**
     * Starts it; the test is skipped where there is none.
     *
     * @param folder where its settings may be
     * @param databaseUri the database behind it
     */
    public TestPooler(Path folder, String databaseUri) throws IOException {
        Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
        assumeTrue(program.isPresent(), "pgbouncer is not installed");
        behind = URI.create(databaseUri);
        Path settings = Files.createTempFile("pgbouncer", ".ini");
        Path users = Files.createTempFile("pgbouncer", ".txt");
        Files.writeString(users, "\"" + behind.getUserInfo() + "\" \"\"\n");
        Files.writeString(settings, """
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                auth_file = %s
                pool_mode = transaction
                server_round_robin = 1
                [databases]
                * = host=localhost port=%d user=%s
                """.formatted(port, users, behind.getPort(), behind.getUserInfo()));
        for (Path file : List.of(settings, users)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        List<String> command = new ArrayList<>(List.of(program.orElseThrow().toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to work as root.
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("pgbouncer.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The database, by way of the pooler. */
    public String uri() {
        return "postgresql://" + behind.getUserInfo() + "@localhost:" + port + behind.getPath();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
