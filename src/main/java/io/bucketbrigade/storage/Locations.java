package io.bucketbrigade.storage;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the location that a setting, a route or a command names: a folder, or {@code s3://bucket/prefix}. */
public final class Locations {
    private final ObjectStore store;
    private final TemporaryFiles temporary;

    /**
     * @param store the access to S3; it is used only where a bucket is named
     * @param temporary where what goes to S3 is written first
     */
    public Locations(ObjectStore store, TemporaryFiles temporary) {
        this.store = store;
        this.temporary = temporary;
    }

    /** Whether a name is that of a bucket, or of an object in one. */
    public static boolean isBucket(String name) {
        return BucketName.isMeant(name);
    }

    /**
     * The location of that name.
     *
     * @throws Problem if there is no such kind of location, or its name is none
     */
    public Location of(String name) {
        Optional<BucketName> bucket = BucketName.find(name);
        return bucket.isPresent() ? new Bucket(bucket.get(), store, temporary) : new Folder(FilePaths.of(name));
    }

    /**
     * Puts a file of this machine into a bucket, in the place of the object of that name; nobody sees it before it is whole.
     *
     * @param bucket such as {@code s3://bucket/prefix}
     * @param mark something that no other writer uses
     * @throws IOException if the file can't be read
     * @throws Problem if S3 refuses or can't be reached; the old object stays
     */
    public void send(Path file, String bucket, String name, String mark) throws IOException {
        BucketName place = BucketName.find(bucket).orElseThrow();
        store.write(place.bucket(), place.key(name), mark, file, () -> {});
    }

    /**
     * A new file on a disk of this machine, for who writes it and removes it again.
     *
     * @param name what its name ends with
     * @throws IOException if it can't be made
     */
    public Path temporary(String name) throws IOException {
        return temporary.create(name);
    }

    /**
     * Opens a single file or object, wherever it is.
     *
     * @throws IOException if it is not there or can't be read
     * @throws Problem if its name can't be one
     */
    public Source open(String path) throws IOException {
        if (isBucket(path)) {
            int end = path.lastIndexOf('/');
            if (end < BucketName.SCHEME.length() || end == path.length() - 1) {
                throw new Problem(Kind.USAGE, path + " does not name an object; write s3://bucket/key.");
            }
            return of(path.substring(0, end)).open(path.substring(end + 1));
        }
        Path file = FilePaths.of(path);
        Path folder = file.getParent();
        Path name = file.getFileName();
        if (folder == null || name == null) {
            throw new NoSuchFileException(path);
        }
        return of(folder.toString()).open(name.toString());
    }
}
