package io.bucketbrigade.rows;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputLocation;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Says which files a pipeline reads and which of them exist, without reading any. */
public final class RawFiles {
    private static final Duration LIST_AGAIN_AFTER = Duration.ofSeconds(2);

    private final Locations locations;
    private final InputLocations inputs;
    private final long largest;
    private final RawPages pages;
    private final Map<String, Hint> hints = new ConcurrentHashMap<>();

    /**
     * @param largest how long a file may be that is sent, in bytes
     * @param pages what may know how many rows a file has
     */
    public RawFiles(Locations locations, InputLocations inputs, long largest, RawPages pages) {
        this.locations = locations;
        this.inputs = inputs;
        this.largest = largest;
        this.pages = pages;
    }

    /**
     * The place, and the files there.
     *
     * @param largest how long a file may be that is sent, in bytes
     */
    public record Listing(
            String place, @JsonProperty("upload_max") long largest, List<RawFile> files) {}

    /**
     * A file.
     *
     * @param file its name; null if any name is right that follows the pattern, and there is no such file
     * @param pattern what the names of such files look like; null if there is one name
     * @param columns those it must have; none if it can neither be shown nor sent
     * @param optional whether a run can do without it
     * @param size in bytes; null if it is not there
     * @param modified when it was last changed; null if it is not there
     * @param rows how many rows it has; null if nobody has counted them
     * @param hint if it is not there, which files may be meant; null if none
     */
    public record RawFile(
            @Nullable String file,
            @Nullable String pattern,
            List<String> columns,
            boolean optional,
            @Nullable Long size,
            @Nullable String modified,
            @Nullable Long rows,
            @Nullable String hint) {}

    /**
     * The files as they are now.
     *
     * @throws io.bucketbrigade.problems.Problem if there is no such pipeline, or it reads no files
     * @throws IOException if the place can't be read
     */
    public Listing list(@Header("pipeline") String pipeline) throws IOException {
        InputLocation reads = inputs.of(pipeline);
        Location location = locations.of(reads.place());
        List<RawFile> files = new ArrayList<>();
        for (InputFile input : reads.files()) {
            List<Identity> there = there(location, input);
            there.forEach(identity -> files.add(found(pipeline, input, identity)));
            if (there.isEmpty()) {
                files.add(missing(location, reads, input));
            }
        }
        return new Listing(reads.place(), largest, files);
    }

    private static List<Identity> there(Location location, InputFile input) throws IOException {
        try {
            return location.list(
                    input.isPattern()
                            ? location.names(name -> InputLocation.isPlain(name) && input.matches(name)).stream()
                                    .sorted()
                                    .toList()
                            : List.of(input.title()));
        } catch (NoSuchFileException noFolderYet) {
            return List.of();
        }
    }

    private RawFile found(String pipeline, InputFile input, Identity file) {
        return new RawFile(
                file.name(),
                input.isPattern() ? input.title() : null,
                input.columns(),
                input.optional(),
                file.size(),
                file.modified().toString(),
                pages.rows(pipeline, file),
                null);
    }

    private RawFile missing(Location location, InputLocation reads, InputFile input) throws IOException {
        String hint = input.isPattern() ? "" : hint(location, reads, input.title());
        return new RawFile(
                input.isPattern() ? null : input.title(),
                input.isPattern() ? input.title() : null,
                input.columns(),
                input.optional(),
                null,
                null,
                null,
                hint.isEmpty() ? null : hint);
    }

    private String hint(Location location, InputLocation reads, String name) throws IOException {
        String key = reads.pipeline() + "/" + name;
        Hint hint = hints.get(key);
        if (hint == null || System.nanoTime() - hint.listedAt() > LIST_AGAIN_AFTER.toNanos()) {
            List<String> names = reads.files().stream().map(InputFile::title).toList();
            hint = new Hint(NearNames.hint(location, name, names), System.nanoTime());
            hints.put(key, hint);
        }
        return hint.text();
    }

    /** Pages ask often and by many, and listing a location may cost much. */
    private record Hint(String text, long listedAt) {}
}
