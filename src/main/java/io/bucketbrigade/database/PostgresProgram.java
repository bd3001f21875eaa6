package io.bucketbrigade.database;

import io.bucketbrigade.files.FilePaths;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Starts a PostgreSQL whose data are set up once more, by its own pg_ctl. That says at once when a start fails; the library
 * that made the first start waits for a minute then, and holds a lock that keeps it from trying again.
 */
final class PostgresProgram {
    private static final String SECONDS_TO_RECOVER = "3600";
    private static final String UNPACKED_MARK = ".exists";

    private final Path data;
    private final Path log;

    PostgresProgram(Path data, Path log) {
        this.data = data;
        this.log = log;
    }

    /**
     * Removes what a process that was killed had unpacked in part, because unpacking stumbles over it; it is unpacked again.
     *
     * @param unpacked where programs are unpacked to, each into a folder of its own with a mark at its end
     * @throws IOException if it can't be removed
     */
    static void removeIncomplete(Path unpacked) throws IOException {
        if (!Files.isDirectory(unpacked)) {
            return;
        }
        try (Stream<Path> programs = Files.list(unpacked)) {
            for (Path program : programs.toList()) {
                if (Files.isDirectory(program) && !Files.exists(program.resolve(UNPACKED_MARK))) {
                    remove(program);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /**
     * Closes a folder to others, and to the group if that may write: the data, for PostgreSQL does not start otherwise, and the program, for others
     * could replace it. Kubernetes opens whole volumes to a group, and so do copies that are restored.
     *
     * @throws IOException if that can't be changed
     */
    static void closeToOthers(Path folder) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (view != null && Files.isDirectory(folder)) {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || !PosixFilePermissions.toString(permissions).endsWith("---")) {
                view.setPermissions(PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    /**
     * Starts it with the options of the last start, and waits until it takes connections.
     *
     * @throws IOException if it doesn't start
     */
    void startAsBefore() throws IOException {
        // "restart" is the command that takes the options from postmaster.opts, and starts what doesn't run.
        List<String> command = new ArrayList<>(LinuxUtils.isUnshareAvailable() ? List.of("unshare", "-U") : List.of());
        command.addAll(List.of(
                control(), "restart", "-D", data.toString(), "-w", "-t", SECONDS_TO_RECOVER, "-l", log.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("pg_ctl ended with status " + status + "; see " + log);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** What it wrote last about why it could not go on; blank if nothing. */
    static String lastWords(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("FATAL: "))
                    .reduce((earlier, later) -> later)
                    .map(line ->
                            " (" + line.substring(line.indexOf("FATAL: ") + 7).strip() + ")")
                    .orElse("");
        } catch (IOException | UncheckedIOException unreadable) {
            return "";
        }
    }

    /** The last start's own pg_ctl: postmaster.opts begins with the path of postgres, before the first quoted option. */
    private String control() throws IOException {
        String options = Files.readString(data.resolve("postmaster.opts"));
        Path program = FilePaths.of(options.substring(0, options.indexOf(" \"")));
        return program.resolveSibling("pg_ctl").toString();
    }
}
