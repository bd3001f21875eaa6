package io.bucketbrigade.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the file system knows of a file.
 *
 * <p>A copier may set the modification time to what it likes, so the time of the last change of any kind (ctime), which only the
 * kernel sets, is used too. The inode's number is not part of a version that is remembered: network file systems hand out
 * other numbers for the same file after a while. It is compared only as long as the file is held open, which keeps it.
 *
 * @param regular whether it is a regular file
 * @param size its length in bytes
 * @param modified when its content was last changed, as its writer says
 * @param changed when content, name or rights were last changed, as the kernel says; {@code modified} where the system doesn't know
 * @param key the inode's number; null where the system has none
 */
record FileState(
        boolean regular,
        long size,
        Instant modified,
        Instant changed,
        @Nullable Object key) {
    private static final String ALL = "unix:isRegularFile,size,lastModifiedTime,ctime,ino";

    /** @throws IOException if the file is not there or can't be asked */
    static FileState of(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            BasicFileAttributes known = Files.readAttributes(file, BasicFileAttributes.class);
            Instant modified = known.lastModifiedTime().toInstant();
            return new FileState(known.isRegularFile(), known.size(), modified, modified, known.fileKey());
        }
        Map<String, Object> known = Files.readAttributes(file, ALL);
        return new FileState(
                Boolean.TRUE.equals(known.get("isRegularFile")),
                ((Number) known.getOrDefault("size", 0L)).longValue(),
                ((FileTime) known.getOrDefault("lastModifiedTime", FileTime.fromMillis(0))).toInstant(),
                ((FileTime) known.getOrDefault("ctime", FileTime.fromMillis(0))).toInstant(),
                known.get("ino"));
    }

    Identity identity(String location, String name) {
        return new Identity(location, name, size, modified, changed, "");
    }
}
