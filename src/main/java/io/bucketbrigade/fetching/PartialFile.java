package io.bucketbrigade.fetching;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that has arrived so far, in a folder of our own, and beside it which version of which source that is. A later process
 * goes on with it, from where the disk has it for certain. Only one process at a time has it open.
 */
final class PartialFile implements Closeable {
    private static final String ENDING = ".part";
    private static final String RECORD = ".part.properties";
    private static final String SOURCE = "source";
    private static final String TAG = "etag";
    private static final String MODIFIED = "last-modified";
    private static final String ENCODING = "encoding";
    private static final String TOTAL = "total";
    private static final String SAFE = "safe";
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final Path record;
    private final Path newRecord;
    private final FileChannel channel;
    private Properties facts = new Properties();
    private long size;

    private PartialFile(Path folder, String name, FileChannel channel) {
        this.file = FilePaths.in(folder, name + ENDING);
        this.record = FilePaths.in(folder, name + RECORD);
        this.newRecord = FilePaths.in(folder, name + RECORD + ".new");
        this.channel = channel;
    }

    /**
     * Opens that of a source.
     *
     * @param folder made if it doesn't exist
     * @return empty if another process has it open
     * @throws IOException if it can't be read or written
     */
    static Optional<PartialFile> open(Path folder, FetchSource source) throws IOException {
        Files.createDirectories(folder);
        Path file = FilePaths.in(folder, source.name() + ENDING);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        PartialFile part = new PartialFile(folder, source.name(), channel);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            part.recall(source);
            return Optional.of(part);
        } catch (OverlappingFileLockException inThisProcess) {
            channel.close();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void recall(FetchSource source) throws IOException {
        if (Files.exists(record)) {
            try (InputStream in = Files.newInputStream(record)) {
                facts.load(in);
            } catch (IllegalArgumentException damaged) {
                facts.clear();
            }
        }
        long safe = number(SAFE);
        if (!Digest.of(source.address()).equals(facts.getProperty(SOURCE)) || safe > channel.size()) {
            empty();
        } else {
            size = Math.max(0, safe);
            channel.truncate(size);
        }
    }

    private long number(String key) {
        String value = facts.getProperty(key, "-1");
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
    }

    /**
     * Nothing of it is good any more.
     *
     * @throws IOException if it can't be written
     */
    void empty() throws IOException {
        facts = new Properties();
        size = 0;
        Files.deleteIfExists(record);
        channel.truncate(0);
    }

    /**
     * A version begins to arrive, from its first byte.
     *
     * @param total how many bytes it has; -1 if that is not known
     * @param encoding how they are packed; blank if they are not
     * @throws IOException if it can't be written
     */
    void begin(FetchSource source, Validators validators, long total, String encoding) throws IOException {
        empty();
        // The address itself may hold what nobody else shall read.
        facts.setProperty(SOURCE, Digest.of(source.address()));
        facts.setProperty(TOTAL, Long.toString(total));
        facts.setProperty(ENCODING, encoding);
        if (validators.entityTag() != null) {
            facts.setProperty(TAG, validators.entityTag());
        }
        if (validators.lastModified() != null) {
            facts.setProperty(MODIFIED, validators.lastModified());
        }
    }

    /** Which version it is. */
    Validators validators() {
        return new Validators(facts.getProperty(TAG), facts.getProperty(MODIFIED));
    }

    /** How many bytes the whole has; -1 if that is not known. */
    long total() {
        return number(TOTAL);
    }

    /** How many bytes there are. */
    long size() {
        return size;
    }

    /** Whether all bytes are there that the server announced. */
    boolean isWhole() {
        return size > 0 && size == total();
    }

    /** What proves that a server still has this version; null if it can't be resumed. */
    @Nullable
    String resumable() {
        return size > 0 ? validators().strong() : null;
    }

    /** Whether the bytes are packed, as a server may do on the way. */
    boolean isPacked() {
        return !facts.getProperty(ENCODING, "").isEmpty();
    }

    /** How it is packed; blank if it is not. */
    String encoding() {
        return facts.getProperty(ENCODING, "");
    }

    /**
     * Adds bytes.
     *
     * @throws Problem if the disk doesn't accept them
     */
    void add(byte[] bytes, int count) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (buffer.hasRemaining()) {
                size += channel.write(buffer, size);
            }
        } catch (IOException full) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "what arrives can't be written to " + file.getParent() + " (" + full.getMessage()
                            + "). Free some space there, or set BRIGADE_DATA.",
                    full);
        }
    }

    /**
     * What is there stays, also if the machine stops now.
     *
     * @throws IOException if it can't be written
     */
    void keep() throws IOException {
        if (facts.isEmpty()) {
            return;
        }
        channel.force(true);
        facts.setProperty(SAFE, Long.toString(size));
        try (OutputStream out = Files.newOutputStream(newRecord)) {
            facts.store(out, null);
        }
        Files.move(newRecord, record, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Its content, unpacked.
     *
     * @throws IOException if it can't be read
     */
    InputStream read() throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!isPacked()) {
            return in;
        }
        try {
            return new GZIPInputStream(in, BUFFER);
        } catch (EOFException | ZipException damaged) {
            in.close();
            throw new IOException("it is not packed as the server says", damaged);
        }
    }

    /**
     * It is not needed any more.
     *
     * @throws IOException if it can't be removed
     */
    void discard() throws IOException {
        Files.deleteIfExists(record);
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
