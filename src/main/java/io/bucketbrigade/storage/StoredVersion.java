package io.bucketbrigade.storage;

import java.util.Map;

/**
 * Which version of an object is in a bucket.
 *
 * @param entityTag its ETag
 * @param metadata what whoever put it there keeps with it
 */
public record StoredVersion(String entityTag, Map<String, String> metadata) {
    public StoredVersion {
        metadata = Map.copyOf(metadata);
    }
}
