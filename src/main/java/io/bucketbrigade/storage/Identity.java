package io.bucketbrigade.storage;

import java.time.Instant;

/**
 * What tells one version of a file or object from another.
 *
 * @param location the folder or bucket it lies in
 * @param name its name there
 * @param size its length in bytes
 * @param modified when it was last changed
 * @param entityTag the ETag of an object; blank for a file
 */
public record Identity(String location, String name, long size, Instant modified, String entityTag) {

    /** Of a file, which has no ETag. */
    public Identity(String location, String name, long size, Instant modified) {
        this(location, name, size, modified, "");
    }

    /** Location and name as people write it. */
    public String path() {
        return location + "/" + name;
    }

    /** The part of a fingerprint that this version makes. */
    public String fingerprint() {
        String fingerprint = path() + " " + size + " " + modified;
        return entityTag.isEmpty() ? fingerprint : fingerprint + " " + entityTag;
    }
}
