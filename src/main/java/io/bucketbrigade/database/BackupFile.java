package io.bucketbrigade.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.database.BackupContent.Table;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A file with a backup. */
final class BackupFile implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    /** A million tables would need more; a damaged file may claim any size. */
    private static final int LARGEST_CONTENT = 256 << 20;

    private final Path file;
    private final ZipFile zip;
    private final BackupContent content;

    /**
     * Opens it.
     *
     * @throws Problem if it is not a backup, is damaged, or was made by a newer version
     * @throws IOException if it can't be read
     */
    BackupFile(Path file) throws IOException {
        this.file = file;
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new Problem(Kind.USAGE, file + " is not a file.");
        }
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new Problem(
                    Kind.USAGE, file + " is not a backup of Bucket Brigade, or only the beginning of one.", e);
        }
        try {
            content = readContent();
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private BackupContent readContent() throws IOException {
        ZipEntry entry = zip.getEntry(DatabaseBackup.CONTENT);
        if (entry == null) {
            throw foreign(null);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(LARGEST_CONTENT + 1);
            if (bytes.length > LARGEST_CONTENT) {
                throw damaged(null);
            }
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (sum.getValue() != entry.getCrc()) {
                throw damaged(null);
            }
            JsonNode json = JSON.readTree(bytes);
            if (!json.path("product").asText().equals(DatabaseBackup.PRODUCT)) {
                throw foreign(null);
            }
            if (json.path("format").asInt() != DatabaseBackup.FORMAT) {
                throw new Problem(
                        Kind.USAGE,
                        file
                                + " was made by a newer version of Bucket Brigade. Restore it with that version or a newer one.");
            }
            return JSON.treeToValue(json, BackupContent.class);
        } catch (JsonProcessingException e) {
            throw foreign(e);
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    /** What it holds. */
    BackupContent content() {
        return content;
    }

    /**
     * Writes the rows of a table, as COPY takes them.
     *
     * @throws Problem if they are not as they were written
     * @throws IOException if they can't be read or written
     */
    void write(Table table, OutputStream out) throws IOException {
        ZipEntry entry = zip.getEntry(table.entry());
        if (entry == null) {
            throw damaged(null);
        }
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            in.transferTo(out);
            if (in.getChecksum().getValue() != entry.getCrc()) {
                throw damaged(null);
            }
        } catch (ZipException e) {
            throw damaged(e);
        }
    }

    private Problem foreign(@Nullable Exception cause) {
        return new Problem(Kind.USAGE, file + " is not a backup of Bucket Brigade.", cause);
    }

    /** That it is not as it was written. */
    Problem damaged(@Nullable Exception cause) {
        return new Problem(
                Kind.USAGE, file + " is damaged: it is not as ./brigade backup wrote it. Use another copy.", cause);
    }

    @Override
    public String toString() {
        return file.toString();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
