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
import org.jspecify.annotations.Nullable;

/** A CSV file with the rows that can't be used: the line each is on, why, and its fields. It is made with the first of them. */
final class RejectedRows implements AutoCloseable {
    private static final byte[] HEADER = "line,reason,row\n".getBytes(StandardCharsets.UTF_8);

    private final Path file;
    private long length;
    private @Nullable FileChannel out;

    /**
     * @param length how much of it belongs to what was sent already; what is behind that is written again
     * @throws Problem if there is such a file, and it was not written by this class, or is shorter
     */
    RejectedRows(Path file, long length) throws IOException {
        this.file = file;
        this.length = Files.exists(file) ? length : 0;
        if (Files.exists(file) && (Files.size(file) < length || (Files.size(file) > 0 && !isOurs(file)))) {
            throw new Problem(
                    Kind.USAGE,
                    "The rejected rows can't be written to " + file + ": "
                            + (length > 0
                                    ? "it was changed since those before were. Name another file with --rejected."
                                    : "it exists, and does not hold rejected rows. Name another file, so that it is not overwritten."));
        }
    }

    /**
     * No row was rejected after all.
     *
     * @throws IOException if the file of an earlier call can't be removed
     */
    void removeOld() throws IOException {
        if (length == 0 && Files.exists(file) && isOurs(file)) {
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
        FileChannel opened = open();
        ByteBuffer bytes = ByteBuffer.wrap(text.toByteArray());
        while (bytes.hasRemaining()) {
            length += opened.write(bytes);
        }
    }

    private FileChannel open() throws IOException {
        if (out == null) {
            out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            out.truncate(length).position(length);
        }
        return out;
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
