package io.bucketbrigade.sending;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends a file as {@link Sending} does, but to a stream in this process. */
public final class SampleSending {
    private SampleSending() {}

    /** The stream. */
    @FunctionalInterface
    public interface Target {
        /**
         * Stores rows.
         *
         * @param idempotencyKey under which all rows of the file are sent
         * @param first the number of the first of these rows in the file, from 0
         * @param rows a JSON array
         * @return what became of them, as a service answers
         * @throws io.bucketbrigade.problems.Problem if they are refused
         * @throws IOException if it fails without words
         */
        JsonNode send(String idempotencyKey, long first, String rows) throws IOException;
    }

    /**
     * Sends all rows of a file.
     *
     * @param folder gets rows that can't be used, and how far it has come
     * @return the rows that can't be used, as CSV with a header: line, reason and row; empty if there are none
     * @throws io.bucketbrigade.problems.Problem if the file can't be read as CSV, or the stream refuses it
     * @throws IOException if a file can't be read or written
     */
    public static String send(Path file, Path folder, Target target) throws IOException {
        SentFile found = SentFile.of(file);
        Path rejectedFile = Files.createTempFile(folder, "rejected", ".csv");
        Pace pace = new Pace(0, found.length(), new PrintWriter(Writer.nullWriter()), false);
        try (RejectedRows rejected = new RejectedRows(rejectedFile, 0, true)) {
            new FileSender(
                            found,
                            (first, rows, log) -> new StreamAnswer(target.send(found.identity(), first, rows), ""),
                            Files.createTempFile(folder, "sent", ".json"),
                            SendState.NOTHING,
                            rejected,
                            pace)
                    .send();
        }
        return Files.readString(rejectedFile);
    }
}
