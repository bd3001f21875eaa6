package io.bucketbrigade.storage;

import java.time.Instant;

/**
 * What tells one version of a file from another.
 *
 * @param location the folder it lies in
 * @param name its name there
 * @param size its length in bytes
 * @param modified when it was last changed
 */
public record Identity(String location, String name, long size, Instant modified) {

    /** Location and name as people write it. */
    public String path() {
        return location + "/" + name;
    }

    /** The part of a fingerprint that this file makes. */
    public String fingerprint() {
        return path() + " " + size + " " + modified;
    }
}
