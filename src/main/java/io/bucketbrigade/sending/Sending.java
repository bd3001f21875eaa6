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

/**
 * Sends a file to a stream, from where an earlier call stopped.
 *
 * @param file the CSV file
 * @param address that of the stream
 * @param apiKey blank if the service needs none
 * @param rowsPerSecond at most; 0 for as fast as the service takes them
 * @param patience how long a request is repeated while the service is away or busy
 * @param stateFolder where is kept how far files have been sent
 * @param rejected the file that gets rows that can't be used; blank for one in the folder of the states
 */
public record Sending(
        Path file,
        URI address,
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
        SentFile found = SentFile.of(file);
        Files.createDirectories(stateFolder);
        try (FileChannel lock = FileChannel.open(
                        stateFolder.resolve(found.identity().substring(0, SHORT) + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock ours = lock.tryLock()) {
            if (ours == null) {
                throw new Problem(Kind.CONFLICT, "Another command is just sending " + file + ".");
            }
            return send(found, out, isTerminal);
        } catch (OverlappingFileLockException sameProcess) {
            throw new Problem(Kind.CONFLICT, "Another command is just sending " + file + ".", sameProcess);
        }
    }

    private boolean send(SentFile found, PrintWriter out, boolean isTerminal) throws IOException {
        String target = Integer.toHexString(address.toString().hashCode());
        Path stateFile = stateFolder.resolve(found.identity().substring(0, SHORT) + "-" + target + ".json");
        Path rejectedFile = rejectedFile(found);
        Pace pace = new Pace(rowsPerSecond, found.length(), out, isTerminal);
        StreamClient client =
                new StreamClient(address, apiKey, found.identity(), patience, why -> pace.say("Waiting: " + why));
        Resumption resumption = new Resumption(file, address, stateFile, pace::say);
        try {
            SendState before = resumption.before(client::log);
            if (before.isDone()) {
                out.println(file + " was sent to " + address + " already. " + summary(before)
                        + " To send it once more, delete " + stateFile
                        + "; rows that the service still knows are duplicates then.");
                return before.rejected() == 0;
            }
            if (before.rows() > 0) {
                pace.say("Going on behind row " + before.rows() + ".");
            }
            SendState sent = before;
            boolean isSent = false;
            while (!isSent) {
                try (RejectedRows rejectedRows = new RejectedRows(rejectedFile, sent.rejectedBytes())) {
                    sent = new FileSender(found, client, stateFile, sent, rejectedRows, pace).send();
                    isSent = true;
                } catch (AnotherLog another) {
                    resumption.beginAgain(another.rows(), another.log());
                    sent = SendState.NOTHING;
                }
            }
            pace.end();
            out.println(summary(sent));
            if (sent.rejected() > 0) {
                out.println("The rejected rows, with the reasons: " + rejectedFile);
            }
            return sent.rejected() == 0;
        } finally {
            pace.end();
        }
    }

    private Path rejectedFile(SentFile found) throws IOException {
        Path rejectedFile = rejected.isBlank()
                ? stateFolder.resolve(Objects.requireNonNull(file.getFileName()) + "-"
                        + found.identity().substring(0, SHORT / 2) + ".rejected.csv")
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
