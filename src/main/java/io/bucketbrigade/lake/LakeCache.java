package io.bucketbrigade.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies, on a disk of this machine, of data files that are in buckets. A file of a lake never changes, so a copy of the right length is the file. Nothing is
 * made before the first copy is needed.
 */
public final class LakeCache {
    private final Path place;
    private final long limit;
    private @Nullable CacheFolder folder;
    private int users;

    /**
     * @param place the folder for it
     * @param limit how many bytes of files may be there; files in use stay even if they are more
     */
    public LakeCache(Path place, long limit) {
        this.place = place;
        this.limit = limit;
    }

    /**
     * From now on the caller uses it, until it leaves.
     *
     * @throws IOException if its folder can't be made
     */
    synchronized CacheFolder enter() throws IOException {
        if (folder == null) {
            folder = CacheFolder.open(place, limit);
        }
        users++;
        return folder;
    }

    /** The caller does not use it any more; with the last one, other processes may use its folder. */
    synchronized void leave() {
        users--;
        if (users == 0) {
            Objects.requireNonNull(folder).close();
            folder = null;
        }
    }
}
