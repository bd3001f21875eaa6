package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Which log an archive is of: its files are named by positions, so a second log would write over those of the first. A file beside them says
 * it; who writes there first puts it there, and a rebuild hands the archive over to the log that was rebuilt from it.
 */
final class ArchiveOwner {
    /** The file. Its name is not one of those that the archive's own files have. */
    static final String FILE = "log-id.txt";

    private static final int LONGEST = 100;

    private final Location archive;

    ArchiveOwner(Location archive) {
        this.archive = archive;
    }

    /**
     * Makes sure that a log may write there.
     *
     * @param log what the log is known by
     * @throws Problem if the archive is that of another log
     * @throws IOException if it can't be read or written
     */
    void require(String stream, String log) throws IOException {
        archive.makeReady();
        if (!archive.holds(FILE)) {
            take(log);
        }
        String owner = owner();
        if (!owner.equals(log)) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The archive " + archive.name() + " is that of another log of " + stream
                            + " (" + owner + ", as its file " + FILE + " says; the one of this database is " + log
                            + "), so nothing is written there. Name another folder for the archive, or, if this database takes the"
                            + " place of the other, rebuild it from there: ./brigade rebuild " + stream + ".");
        }
    }

    /**
     * From now on, it is the archive of a log.
     *
     * @throws IOException if that can't be written
     */
    void take(String log) throws IOException {
        archive.put(FILE, log, new ByteArrayInputStream((log + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private String owner() throws IOException {
        try (Source file = archive.open(FILE)) {
            byte[] text = new byte[LONGEST];
            int length = Math.max(0, file.read(0, text, 0, text.length));
            return new String(text, 0, length, StandardCharsets.UTF_8).strip();
        }
    }
}
