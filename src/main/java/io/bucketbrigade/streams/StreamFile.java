package io.bucketbrigade.streams;

import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.csv.SourceStream;
import io.bucketbrigade.csv.TextScan;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Source;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A CSV file, perhaps in gzip, whose rows are those of a stream: what is known of it when it was read through, and what became of its rows. */
final class StreamFile {
    private static final int BUFFER = 1 << 16;
    private static final int BEGINNING = 1 << 20;
    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int MOST_KEPT = 1000;
    /** Rows of CSV are packed to a tenth or so. Gzip can pack nonsense to a thousandth, and a small file could keep all others waiting for hours. */
    private static final int MOST_TIMES_ITS_SIZE = 100;

    private static final long ALWAYS_UNPACKED = 64 << 20;

    private final Source source;
    private final TextScan scan;
    private final Rejects rejects = new Rejects(MOST_KEPT);
    private RowNumbers stored = new RowNumbers();
    private String storedBefore = stored.toString();
    private int id;
    private long rows;
    private long sentBefore;

    private StreamFile(Source source, TextScan scan) {
        this.source = source;
        this.scan = scan;
    }

    /**
     * Reads it through once.
     *
     * @throws Problem if it is empty, damaged, of another format or far larger than it seems, or a quote is not closed
     * @throws IOException if it can't be read
     */
    static StreamFile scan(Source source) throws IOException {
        StreamFile file = of(source, TextScan::of);
        if (file.scan.isQuoteOpen()) {
            throw wrong(
                    source,
                    0,
                    "has an odd number of double quotes, so one is opened and never closed, and the rows behind it would be taken"
                            + " for text. Close it, or double it if it is part of a text.",
                    null);
        }
        return file;
    }

    /**
     * Reads only the beginning, which shows its header.
     *
     * @throws Problem if it is empty, damaged or of another format
     * @throws IOException if it can't be read
     */
    static StreamFile beginning(Source source) throws IOException {
        return of(source, in -> TextScan.of(new ByteArrayInputStream(in.readNBytes(BEGINNING))));
    }

    private interface Scan {
        TextScan of(InputStream in) throws IOException;
    }

    private static StreamFile of(Source source, Scan reading) throws IOException {
        TextScan scan;
        try (InputStream in = open(source)) {
            scan = reading.of(in);
        } catch (ZipException | EOFException damaged) {
            throw wrong(source, 0, "is damaged, or not whole: it can't be unpacked. Copy it there again.", damaged);
        }
        if (scan.length() == 0) {
            throw wrong(source, 0, "is empty. It needs a header with the names of the columns.", null);
        }
        if (scan.foreign() != null) {
            throw new Problem(Kind.INPUT, source.name() + ": " + scan.foreign(), source.name(), 0, null, null);
        }
        return new StreamFile(source, scan);
    }

    private static InputStream open(Source source) throws IOException {
        InputStream in = new BufferedInputStream(new SourceStream(source), BUFFER);
        in.mark(2);
        int magic = in.read() << Byte.SIZE | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new BufferedInputStream(unpacked(source, in), BUFFER) : in;
    }

    private static InputStream unpacked(Source source, InputStream packed) throws IOException {
        return new WholeGzipStream(
                packed,
                BUFFER,
                Math.max(ALWAYS_UNPACKED, MOST_TIMES_ITS_SIZE * source.length()),
                () -> wrong(
                        source,
                        0,
                        "has more than " + MOST_TIMES_ITS_SIZE
                                + " times its size when it is unpacked, which no file of rows has. If it is right, put it there unpacked.",
                        null));
    }

    private static Problem wrong(Source source, long line, String what, @Nullable Throwable cause) {
        return new Problem(
                Kind.INPUT,
                source.name() + (line > 0 ? ", line " + line : "") + " " + what,
                source.name(),
                line,
                null,
                cause);
    }

    /** Its text, unpacked. */
    InputStream open() throws IOException {
        return open(source);
    }

    /** Its name in its folder or bucket. */
    String name() {
        return source.name();
    }

    /** Where it is, for people. */
    String path() {
        return source.identity().path();
    }

    /** What was found when it was read through. */
    TextScan text() {
        return scan;
    }

    /**
     * It is known under that number from now on, and some of its rows were sent before.
     *
     * @param stored the numbers of the rows that were sent, as PostgreSQL writes them
     */
    void register(int number, String stored) {
        this.id = number;
        this.storedBefore = stored;
        this.stored = RowNumbers.of(stored);
    }

    /** The source of its rows in the tables. */
    int id() {
        return id;
    }

    /** The numbers of the rows that were sent before, as PostgreSQL writes them. */
    String storedBefore() {
        return storedBefore;
    }

    /** The numbers of the rows that are stored by now. */
    RowNumbers stored() {
        return stored;
    }

    /** The rows that can't be used. */
    Rejects rejects() {
        return rejects;
    }

    /** A row was read. */
    void countRow() {
        rows++;
    }

    /** A row was read that was sent before. */
    void countSent() {
        sentBefore++;
    }

    /** How many rows were read. */
    long rows() {
        return rows;
    }

    /** How many of them had been sent before, and were not loaded once more. */
    long sentBefore() {
        return sentBefore;
    }
}
