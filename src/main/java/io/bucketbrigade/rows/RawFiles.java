package io.bucketbrigade.rows;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bucketbrigade.storage.AwaitedFiles;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tells which files are awaited and what lies there of them, without reading any. */
public final class RawFiles {
    private static final Duration LIST_AGAIN_AFTER = Duration.ofSeconds(2);

    private final Locations locations;
    private final AwaitedFiles awaited;
    private final long largest;
    private final RawPages pages;
    private final Map<String, Hint> hints = new ConcurrentHashMap<>();

    /**
     * @param largest how long a file may be that is put there, in bytes
     * @param pages what may know how many rows a file has
     */
    public RawFiles(Locations locations, AwaitedFiles awaited, long largest, RawPages pages) {
        this.locations = locations;
        this.awaited = awaited;
        this.largest = largest;
        this.pages = pages;
    }

    /**
     * The place, and the files awaited there.
     *
     * @param largest how long a file may be that is put there, in bytes
     */
    public record Listing(
            String place, @JsonProperty("upload_max") long largest, List<RawFile> files) {}

    /**
     * A file.
     *
     * @param columns those it must have
     * @param size in bytes; null if it is not there
     * @param modified when it was last changed; null if it is not there
     * @param rows how many rows it has; null if nobody has counted them
     * @param hint if it is not there, which files may be meant; null if none
     */
    public record RawFile(
            String file,
            List<String> columns,
            @Nullable Long size,
            @Nullable String modified,
            @Nullable Long rows,
            @Nullable String hint) {}

    /**
     * The files as they are now.
     *
     * @throws IOException if the place can't be read
     */
    public Listing list() throws IOException {
        Location location = locations.of(awaited.place());
        List<Identity> there = location.look(awaited.names());
        List<RawFile> files = new ArrayList<>();
        for (String name : awaited.names()) {
            Optional<Identity> identity =
                    there.stream().filter(one -> one.name().equals(name)).findFirst();
            files.add(identity.isPresent() ? found(identity.get()) : missing(location, name));
        }
        return new Listing(awaited.place(), largest, files);
    }

    private RawFile found(Identity file) {
        return new RawFile(
                file.name(),
                awaited.columns(file.name()),
                file.size(),
                file.modified().toString(),
                pages.rows(file),
                null);
    }

    private RawFile missing(Location location, String name) throws IOException {
        Hint hint = hints.get(name);
        if (hint == null || System.nanoTime() - hint.listedAt() > LIST_AGAIN_AFTER.toNanos()) {
            hint = new Hint(NearNames.hint(location, name, awaited.names()), System.nanoTime());
            hints.put(name, hint);
        }
        return new RawFile(
                name, awaited.columns(name), null, null, null, hint.text().isEmpty() ? null : hint.text());
    }

    /** Pages ask often and by many, and listing a location may cost much. */
    private record Hint(String text, long listedAt) {}
}
