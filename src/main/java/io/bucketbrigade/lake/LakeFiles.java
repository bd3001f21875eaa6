package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Draft;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a lake as Iceberg sees them: by addresses such as {@code file:///data/lake/…} and {@code s3://bucket/lake/…}, all below one
 * location. A file is seen whole or not at all.
 */
final class LakeFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private final transient Locations locations;
    private final String place;
    private final String root;
    private final transient LocalData data;

    /** Those whose data nobody reads or writes here, if they are in a bucket. */
    LakeFiles(Locations locations, String place) {
        this(locations, place, null);
    }

    /**
     * Closing them lets go of copies in the cache.
     *
     * @param place the folder or bucket that holds the lake
     * @param cache where copies of data files are kept if it is a bucket; null if none is needed
     */
    LakeFiles(Locations locations, String place, @Nullable LakeCache cache) {
        this.locations = locations;
        this.place = locations.of(place).name();
        boolean isBucket = Locations.isBucket(place);
        this.root = isBucket ? this.place : "file://" + this.place;
        this.data = isBucket ? new CopiedData(locations, this.place, cache) : new FolderData(this.place);
    }

    /** The data files as DuckDB finds and writes them. */
    LocalData data() {
        return data;
    }

    /** What {@link Locations} calls a file of that address. */
    static String path(String address) {
        return address.startsWith("file:") ? address.replaceFirst("^file:/*", "/") : address;
    }

    /** The address of a file. */
    String address(String name) {
        return root + "/" + name;
    }

    /**
     * The name below the location of a file of that address.
     *
     * @throws NotFoundException if it is elsewhere
     */
    String name(String address) {
        return name(root, address);
    }

    /**
     * The name below the address of a lake.
     *
     * @throws NotFoundException if it is elsewhere
     */
    static String name(String root, String address) {
        if (!isBelow(root, address)) {
            throw new NotFoundException("%s is not in the lake", file(address));
        }
        return address.substring(root.length() + 1);
    }

    /** Whether a file of that address would be below the location. */
    boolean isBelow(String address) {
        return isBelow(root, address);
    }

    private static boolean isBelow(String root, String address) {
        return address.startsWith(root + "/") && !address.contains("/../");
    }

    /**
     * How many bytes all files in a folder have, whoever needs them.
     *
     * @throws IOException if they can't be listed
     */
    long size(String folder) throws IOException {
        return lengths(folder).values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * How many bytes each file in a folder has, by its name below the location.
     *
     * @throws IOException if they can't be listed
     */
    Map<String, Long> lengths(String folder) throws IOException {
        Location there = locations.of(place + "/" + folder);
        List<String> names = there.allNames();
        Map<String, Long> lengths = new HashMap<>();
        // A folder that is not there has no names, and can't be listed.
        for (Identity file : names.isEmpty() ? List.<Identity>of() : there.list(names)) {
            lengths.put(folder + "/" + file.name(), file.size());
        }
        return lengths;
    }

    /**
     * Whether the folder or bucket itself is there.
     *
     * @throws Problem if it is a bucket, and it is not
     * @throws IOException if it can't be listed
     */
    boolean isThere() throws IOException {
        if (Locations.isBucket(place)) {
            locations.of(place).holds("any");
            return true;
        }
        return Files.isDirectory(FilePaths.of(place));
    }

    /** The folder that a file is in. */
    private Location place(String address) {
        String name = name(address);
        int end = name.lastIndexOf('/');
        return locations.of(end < 0 ? place : place + "/" + name.substring(0, end));
    }

    private static String file(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    @Override
    public InputFile newInputFile(String address) {
        return new Input(address);
    }

    @Override
    public OutputFile newOutputFile(String address) {
        return new Output(address);
    }

    @Override
    public void deleteFile(String address) {
        try {
            place(address).delete(file(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        data.close();
    }

    private final class Input implements InputFile {
        private final String address;

        Input(String address) {
            this.address = address;
        }

        @Override
        public long getLength() {
            try {
                List<Identity> found = place(address).list(List.of(file(address)));
                if (found.isEmpty()) {
                    throw new NotFoundException("%s is missing", name(address));
                }
                return found.get(0).size();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public SeekableInputStream newStream() {
            try {
                return new Reading(place(address).open(file(address)));
            } catch (NoSuchFileException e) {
                throw new NotFoundException(e, "%s is missing", name(address));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String location() {
            return address;
        }

        @Override
        public boolean exists() {
            try {
                return place(address).holds(file(address));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final class Output implements OutputFile {
        private final String address;

        Output(String address) {
            this.address = address;
        }

        @Override
        public PositionOutputStream create() {
            if (toInputFile().exists()) {
                throw new AlreadyExistsException("%s exists", address);
            }
            return createOrOverwrite();
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
            try {
                Location folder = place(address);
                folder.makeReady();
                return new Writing(folder.draft(file(address), UUID.randomUUID().toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String location() {
            return address;
        }

        @Override
        public InputFile toInputFile() {
            return new Input(address);
        }
    }

    private static final class Reading extends SeekableInputStream {
        private final Source source;
        private long position;

        Reading(Source source) {
            this.source = source;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long to) throws IOException {
            if (to < 0 || to > source.length()) {
                throw new EOFException(source.name() + " has no byte " + to);
            }
            position = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = source.read(position, into, offset, length);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    /** Closing it puts the file in place, unless a part of it could not be written. */
    private static final class Writing extends PositionOutputStream {
        private final Draft draft;
        private final FileChannel channel;
        private long position;
        private boolean isWhole = true;
        private boolean closed;

        Writing(Draft draft) {
            this.draft = draft;
            this.channel = draft.channel();
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean wasWhole = isWhole;
            isWhole = false;
            ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
            while (left.hasRemaining()) {
                position += channel.write(left);
            }
            isWhole = wasWhole;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (Draft writing = draft) {
                if (isWhole) {
                    Prepared whole = writing.finish();
                    try {
                        whole.publish();
                    } finally {
                        whole.discard();
                    }
                }
            }
        }
    }
}
