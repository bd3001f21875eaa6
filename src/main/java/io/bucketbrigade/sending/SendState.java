package io.bucketbrigade.sending;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * How far a file has been sent, kept beside other data of the program so that a client that was killed goes on where it was.
 *
 * @param rows how many rows the service has answered for
 * @param accepted how many of them it stored
 * @param duplicate how many it had stored before
 * @param rejected how many can't be used
 * @param rejectedBytes how long the file with these is
 * @param rejectedFile where that is; blank if there are none, or it is not known, as to the program's earlier versions
 * @param isDone whether that is the whole file
 * @param log what the log is known by in which the rows are; blank if that is not known, as to earlier versions of this
 * program and of the service
 */
record SendState(
        long rows,
        long accepted,
        long duplicate,
        long rejected,
        long rejectedBytes,
        String rejectedFile,
        boolean isDone,
        String log) {
    static final SendState NOTHING = new SendState(0, 0, 0, 0, 0, "", false, "");

    private static final JsonMapper JSON = new JsonMapper();

    SendState {
        log = Objects.requireNonNullElse(log, "");
        rejectedFile = Objects.requireNonNullElse(rejectedFile, "");
    }

    /** What was kept; nothing, if there is no such file. */
    static SendState read(Path file) throws IOException {
        try {
            return Files.exists(file) ? JSON.readValue(file.toFile(), SendState.class) : NOTHING;
        } catch (JacksonException unreadable) {
            throw new Problem(
                    Kind.INPUT,
                    file
                            + ", which says how far the file was sent, can't be read. Delete it; rows that the service knows are duplicates then.",
                    unreadable);
        }
    }

    /** Keeps it; a kill leaves the old or the new one. */
    void write(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, JSON.writeValueAsBytes(this));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether a log is another than that in which the rows are. */
    boolean isOfAnother(String now) {
        return !log.isEmpty() && !now.isEmpty() && !log.equals(now);
    }

    /** @param now what the log is known by, if that was not known */
    SendState in(String now) {
        return new SendState(
                rows, accepted, duplicate, rejected, rejectedBytes, rejectedFile, isDone, log.isEmpty() ? now : log);
    }

    /** Where rows go that can't be used. */
    SendState rejecting(RejectedRows file) {
        return new SendState(
                rows,
                accepted,
                duplicate,
                rejected,
                file.length(),
                file.file().toAbsolutePath().normalize().toString(),
                isDone,
                log);
    }

    /** Whether it was noted that rejected rows are in a file. */
    boolean isRejectedFile(Path file) {
        return !rejectedFile.isEmpty()
                && FilePaths.literal(rejectedFile)
                        .toAbsolutePath()
                        .normalize()
                        .equals(file.toAbsolutePath().normalize());
    }

    /** What is to be done with what is kept so that the file is sent from its first row. */
    String removal(Path stateFile) {
        return "delete " + stateFile
                + (rejected > 0 && !rejectedFile.isEmpty() ? ", and move " + rejectedFile + " away" : "");
    }

    /** None of the rows is in the log that there is now. */
    SendState begunAgain(String now) {
        return new SendState(0, 0, 0, 0, 0, rejectedFile, false, now);
    }

    SendState plus(long accepts, long duplicates, long rejects, RejectedRows file) {
        return new SendState(
                rows + accepts + duplicates + rejects,
                accepted + accepts,
                duplicate + duplicates,
                rejected + rejects,
                file.isOpen() ? file.length() : rejectedBytes,
                rejectedFile,
                false,
                log);
    }

    SendState done() {
        return new SendState(
                rows, accepted, duplicate, rejected, rejectedBytes, rejected == 0 ? "" : rejectedFile, true, log);
    }
}
