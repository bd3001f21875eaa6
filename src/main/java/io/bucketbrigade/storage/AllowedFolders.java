package io.bucketbrigade.storage;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Body;

/** The folders whose files a caller from outside may name. */
public final class AllowedFolders {
    private final String setting;
    private final List<Path> roots = new ArrayList<>();

    /**
     * @param setting the setting they come from, for messages
     * @param folders the folders, separated by commas; buckets among them are passed over
     */
    public AllowedFolders(String setting, String folders) {
        this.setting = setting;
        for (String folder : folders.split(",", -1)) {
            if (!folder.isBlank() && !Locations.isBucket(folder.strip())) {
                roots.add(FilePaths.of(folder.strip()));
            }
        }
    }

    /**
     * The file that a path names, with all symbolic links resolved. A path outside the roots is refused before the file
     * system is asked, so nobody can find out what is there.
     *
     * @param text a path; a relative one is meant from the working folder
     * @throws Problem if it is outside the roots, also by way of .. or of a link, or if nothing is there
     * @throws IOException if the file system can't answer
     */
    public String confine(@Body String text) throws IOException {
        if (Locations.isBucket(text)) {
            throw new Problem(Kind.USAGE, text + " is in a bucket; use POST /feed/s3 for results in buckets.");
        }
        Path path = FilePaths.literal(text);
        if (roots.stream().noneMatch(path::startsWith)) {
            throw outside(text);
        }
        if (!Files.exists(path)) {
            throw new Problem(Kind.MISSING, text + " does not exist.", text, 0, null, null);
        }
        Path real = path.toRealPath();
        for (Path root : roots) {
            if (Files.exists(root) && real.startsWith(root.toRealPath())) {
                return real.toString();
            }
        }
        throw outside(text);
    }

    private Problem outside(String text) {
        return new Problem(
                Kind.FORBIDDEN,
                text + " is outside of the folders whose files may be named here; " + setting + " lists those folders.",
                text,
                0,
                null,
                null);
    }
}
