package io.bucketbrigade.batches;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.InputLocation;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.storage.CheckedUpload;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Header;

/**
 * Receives a pipeline's files. The header is checked first, because a file without the columns that are needed would only replace a
 * good one. A marker has none, and may be empty.
 */
public final class Uploads {
    private final Locations locations;
    private final InputLocations inputs;

    public Uploads(Locations locations, InputLocations inputs) {
        this.locations = locations;
        this.inputs = inputs;
    }

    /**
     * What was received.
     *
     * @param file its name
     * @param place where it is now
     * @param bytes its length
     */
    public record Received(String file, String place, long bytes) {}

    /**
     * Receives a file while it arrives. The old one stays until it is whole.
     *
     * @throws Problem if the pipeline reads no such file, or if the place can't take it
     * @throws io.bucketbrigade.csv.CsvException if it has no header, or the header is missing a column
     * @throws IOException if it breaks off, or can't be written
     */
    public Received take(@Header("pipeline") String pipeline, @Header("file") String name, @Body InputStream bytes)
            throws IOException {
        Optional<String> marker = inputs.ofMarker(pipeline, name);
        if (marker.isPresent()) {
            return put(name, marker.get(), CheckedUpload.unchecked(bytes));
        }
        InputLocation location = inputs.of(pipeline);
        List<String> needed = location.require(name).columns();
        return put(name, location.place(), CheckedUpload.open(name, needed, bytes));
    }

    private Received put(String name, String place, CheckedUpload upload) throws IOException {
        locations.of(place).put(name, "upload-" + UUID.randomUUID(), upload);
        return new Received(name, place + "/" + name, upload.count());
    }
}
