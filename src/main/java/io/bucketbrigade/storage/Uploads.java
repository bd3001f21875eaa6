package io.bucketbrigade.storage;

import io.bucketbrigade.csv.ByteSource;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.problems.Problem;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Body;

/**
 * Takes files into the place where a pipeline awaits them. The header is looked at first, because a file without the columns
 * that are needed would only take the place of a good one.
 */
public final class Uploads {
    private final Locations locations;
    private final AwaitedFiles awaited;

    public Uploads(Locations locations, AwaitedFiles awaited) {
        this.locations = locations;
        this.awaited = awaited;
    }

    /**
     * What was taken.
     *
     * @param file its name
     * @param place where it lies now
     * @param bytes its length
     */
    public record Taken(String file, String place, long bytes) {}

    /**
     * Takes a file while it arrives. The old one stays until it is whole.
     *
     * @throws Problem if no such file is awaited, or if the place can't take it
     * @throws io.bucketbrigade.csv.CsvException if its header is none, or lacks a column
     * @throws IOException if it breaks off, or can't be written
     */
    public Taken take(@org.apache.camel.Header("file") String name, @Body InputStream bytes) throws IOException {
        List<String> needed = awaited.columns(name);
        byte[] start = bytes.readNBytes(Header.LONGEST);
        Header.read(new Start(name, start), needed);
        Counted counted = new Counted(new SequenceInputStream(new ByteArrayInputStream(start), bytes));
        locations.of(awaited.place()).put(name, "upload-" + UUID.randomUUID(), counted);
        return new Taken(name, awaited.place() + "/" + name, counted.count);
    }

    private static final class Start implements ByteSource {
        private final String name;
        private final byte[] bytes;

        Start(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public int read(long position, byte[] into, int offset, int wanted) {
            int count = (int) Math.min(wanted, bytes.length - position);
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(bytes, (int) position, into, offset, count);
            return count;
        }
    }

    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count += one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
