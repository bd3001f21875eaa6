package io.bucketbrigade.sending;

import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.rows.CsvText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A CSV file with the rows that can't be used: the line each is on, why, and its fields. It is made with the first of them. */
final class RejectedRows implements AutoCloseable {
    private static final byte[] HEADER = "line,reason,row\n".getBytes(StandardCharsets.UTF_8);

    private final Path file;
    private final boolean isOwn;
    private long length;
    private @Nullable FileChannel out;

    /**
     * @param length how much of it belongs to what was sent already; what is behind that is written again
     * @param isOwn whether it is known that this file was written for what is sent
     * @throws Problem if there is such a file, and it was not written for that, or is shorter
     */
    RejectedRows(Path file, long length, boolean isOwn) throws IOException {
        this.file = file;
        this.isOwn = isOwn;
        this.length = isOwn && Files.exists(file) ? length : 0;
        requireUsable();
    }

    private void requireUsable() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String why = "";
        if (Files.size(file) < length || (length > 0 && !isOurs(file))) {
            why = "it was changed since those before were. Name another file with --rejected.";
        } else if (Files.size(file) > 0 && !isOurs(file)) {
            why = "it exists, and does not hold rejected rows. Name another file, so that it is not overwritten.";
        } else if (Files.size(file) > 0 && !isOwn) {
            why =
                    "it has rejected rows that were not noted for this file and this address. Name another file with --rejected, or move it away.";
        }
        if (!why.isEmpty()) {
            throw new Problem(Kind.USAGE, "The rejected rows can't be written to " + file + ": " + why);
        }
    }

    /**
     * No row was rejected after all.
     *
     * @throws IOException if the file of an earlier call can't be removed
     */
    void removeOld() throws IOException {
        if (isOwn && length == 0 && Files.exists(file) && isOurs(file)) {
            Files.delete(file);
        }
    }

    private static boolean isOurs(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(HEADER.length), HEADER);
        }
    }

    void add(CsvRecord row, String reason) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        if (length == 0) {
            text.writeBytes(HEADER);
        }
        try (CsvWriter csv = CsvText.writer(text)) {
            csv.writeRecord(Long.toString(row.getStartingLineNumber()), reason, CsvText.line(row));
        }
        FileChannel opened = Objects.requireNonNull(out);
        ByteBuffer bytes = ByteBuffer.wrap(text.toByteArray());
        while (bytes.hasRemaining()) {
            length += opened.write(bytes);
        }
    }

    boolean isOpen() {
        return out != null;
    }

    /**
     * Makes the file, if it isn't there, and removes what is not to stay in it.
     *
     * @throws Problem if it was made by somebody else since
     */
    void open() throws IOException {
        requireUsable();
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        out = opened;
        opened.truncate(length).position(length);
    }

    /** In bytes. */
    long length() {
        return length;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
