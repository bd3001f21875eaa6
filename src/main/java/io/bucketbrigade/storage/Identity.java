package io.bucketbrigade.storage;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What distinguishes one version of a file or object from another.
 *
 * @param location the folder or bucket it is in
 * @param name its name there
 * @param size its length in bytes
 * @param modified when its content was last changed; a file's writer may have set this to what it likes
 * @param changed when the system itself last noted a change of content, name or rights; {@code modified} where it notes nothing
 *     beside
 * @param entityTag the ETag of an object; blank for a file
 */
public record Identity(String location, String name, long size, Instant modified, Instant changed, String entityTag) {

    /** Of an object. */
    public Identity(String location, String name, long size, Instant modified, String entityTag) {
        this(location, name, size, modified, modified, entityTag);
    }

    /** Of a file of which nothing but size and time is known. */
    public Identity(String location, String name, long size, Instant modified) {
        this(location, name, size, modified, "");
    }

    /** Location and name as people write it. */
    public String path() {
        return location + "/" + name;
    }

    /**
     * What the record of runs keeps of it, as JSON has it: where it is, its length in bytes, and what distinguishes it from
     * other versions.
     */
    public Map<String, Object> described() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("path", path());
        described.put("size", size);
        described.put("modified", modified.toString());
        if (!changed.equals(modified)) {
            described.put("changed", changed.toString());
        }
        if (!entityTag.isEmpty()) {
            described.put("etag", entityTag);
        }
        return described;
    }

    /** The latest time at which anything was changed. */
    public Instant touched() {
        return changed.isAfter(modified) ? changed : modified;
    }

    /** The part of a fingerprint that this version makes. */
    public String fingerprint() {
        StringBuilder fingerprint = new StringBuilder(path() + " " + size + " " + modified);
        if (!changed.equals(modified)) {
            fingerprint.append(" changed ").append(changed);
        }
        return entityTag.isEmpty()
                ? fingerprint.toString()
                : fingerprint.append(' ').append(entityTag).toString();
    }
}
