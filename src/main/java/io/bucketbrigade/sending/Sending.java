package io.bucketbrigade.sending;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * Sends a file to a stream, from where an earlier call stopped.
 *
 * @param file the CSV file
 * @param address that of the stream
 * @param tls what tells which servers to trust
 * @param apiKey blank if the service needs none
 * @param rowsPerSecond at most; 0 for as fast as the service takes them
 * @param patience how long a request is repeated while the service is away or busy
 * @param stateFolder where is kept how far files have been sent
 * @param rejected the file that gets rows that can't be used; blank for one in the folder of the states
 */
public record Sending(
        Path file,
        URI address,
        SSLContext tls,
        String apiKey,
        double rowsPerSecond,
        Duration patience,
        Path stateFolder,
        String rejected) {
    private static final int SHORT = 16;

    /**
     * Sends it.
     *
     * @param isTerminal whether a line may be written over
     * @return whether all rows can be used
     * @throws Problem if the file can't be read as CSV, or the service refuses it
     * @throws IOException if it can't be read
     */
    public boolean send(PrintWriter out, boolean isTerminal) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Problem(Kind.INPUT, file + " is a folder; name a CSV file.");
        }
        SentFile found = SentFile.of(file);
        Files.createDirectories(stateFolder);
        // One file for all, in which each has a place of its own, because a lock file can't be removed while another
        // command may be opening it.
        long place = Long.parseLong(found.identity().substring(0, SHORT - 1), SHORT);
        try (FileChannel locks = FileChannel.open(
                        stateFolder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock ours = locks.tryLock(place, 1, false)) {
            if (ours == null) {
                throw new Problem(Kind.CONFLICT, "Another command is already sending " + file + ".");
            }
            return send(found, new Pace(rowsPerSecond, found.length(), out, isTerminal));
        } catch (OverlappingFileLockException sameProcess) {
            throw new Problem(Kind.CONFLICT, "Another command is already sending " + file + ".", sameProcess);
        }
    }

    private boolean send(SentFile found, Pace pace) throws IOException {
        String target = Integer.toHexString(address.toString().hashCode());
        Path stateFile = stateFolder.resolve(found.identity().substring(0, SHORT) + "-" + target + ".json");
        StopNotice notice = StopNotice.of(file, stateFile, pace);
        try {
            return send(found, stateFile, pace);
        } finally {
            pace.end();
            notice.withdraw();
        }
    }

    private boolean send(SentFile found, Path stateFile, Pace pace) throws IOException {
        StreamClient client = new StreamClient(
                address, tls, apiKey, found.identity(), patience, (since, why) -> pace.waits(address, since, why));
        Resumption resumption = new Resumption(file, address, stateFile, pace::say);
        SendState before = resumption.before(client);
        if (before.isDone()) {
            pace.say(file + " was sent to " + address + " already. " + summary(before)
                    + (before.rejectedFile().isEmpty() || before.rejected() == 0
                            ? ""
                            : " The rejected rows are in " + before.rejectedFile() + ".")
                    + " To send it once more, " + before.removal(stateFile)
                    + "; rows that the service still knows are duplicates then.");
            return before.rejected() == 0;
        }
        Path rejectedFile = rejectedFile(stateFile, before);
        if (before.rows() > 0) {
            pace.say("Continues after row " + before.rows() + ".");
        }
        SendState sent = before;
        boolean isSent = false;
        while (!isSent) {
            try (RejectedRows rejectedRows =
                    new RejectedRows(rejectedFile, sent.rejectedBytes(), sent.isRejectedFile(rejectedFile))) {
                if (sent.rejected() > 0 && rejectedRows.length() == 0) {
                    pace.say(rejectedElsewhere(sent, rejectedFile));
                }
                sent = new FileSender(found, client, stateFile, sent, rejectedRows, pace).send();
                isSent = true;
            } catch (AnotherLog another) {
                sent = resumption.beginAgain(SendState.read(stateFile), another.log());
            }
        }
        pace.say(summary(sent));
        if (sent.rejected() > 0) {
            pace.say("The rejected rows, with the reasons: " + rejectedFile
                    + ". Correct them in a file of their own, with the header of " + file.getFileName()
                    + ", and send that.");
        }
        return sent.rejected() == 0;
    }

    private static String rejectedElsewhere(SendState before, Path rejectedFile) {
        String other = before.rejectedFile();
        String place = Files.exists(FilePaths.literal(other)) ? ", but in " + other + "." : "; the file was removed.";
        return Counted.of(before.rejected(), "row") + " rejected before " + (before.rejected() == 1 ? "is" : "are")
                + " not in " + rejectedFile
                + (other.isEmpty() ? "; where, an earlier version did not note." : place);
    }

    private Path rejectedFile(Path stateFile, SendState before) throws IOException {
        if (rejected.isBlank() && !before.rejectedFile().isEmpty()) {
            return FilePaths.literal(before.rejectedFile());
        }
        Path rejectedFile = rejected.isBlank()
                ? stateFolder.resolve(Objects.requireNonNull(file.getFileName()) + "-"
                        + Objects.requireNonNull(stateFile.getFileName())
                                .toString()
                                .replace(".json", ".rejected.csv"))
                : FilePaths.of(rejected);
        if (Files.exists(rejectedFile) && Files.isSameFile(rejectedFile, file)) {
            throw new Problem(
                    Kind.USAGE,
                    rejectedFile + " is the file that is sent, which is never overwritten. Name another file.");
        }
        return rejectedFile;
    }

    private static String summary(SendState sent) {
        if (sent.rows() != sent.accepted() + sent.duplicate() + sent.rejected()) {
            throw new Problem(Kind.INTERNAL, "The row counts do not balance: " + sent + ".");
        }
        return String.format(
                Locale.ROOT,
                "%s read = %,d accepted + %,d duplicate + %,d rejected.",
                Counted.of(sent.rows(), "row"),
                sent.accepted(),
                sent.duplicate(),
                sent.rejected());
    }
}
