package io.bucketbrigade.storage;

import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.io.InputStream;
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
        CheckedUpload upload = CheckedUpload.open(name, needed, bytes);
        locations.of(awaited.place()).put(name, "upload-" + UUID.randomUUID(), upload);
        return new Taken(name, awaited.place() + "/" + name, upload.count());
    }
}
