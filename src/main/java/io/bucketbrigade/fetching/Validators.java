package io.bucketbrigade.fetching;

import org.jspecify.annotations.Nullable;

/**
 * What a server knows a version of a file by.
 *
 * @param entityTag the header ETag; null if there is none
 * @param lastModified the header Last-Modified, as it was sent; null if there is none
 */
record Validators(@Nullable String entityTag, @Nullable String lastModified) {

    /** What proves, byte by byte, that it is the same version; null if nothing does. */
    @Nullable
    String strong() {
        return entityTag != null && !entityTag.startsWith("W/") ? entityTag : lastModified;
    }

    /** Whether others, of an answer that may have left some out, contradict these. */
    boolean contradict(Validators others) {
        return differ(entityTag, others.entityTag) || differ(lastModified, others.lastModified);
    }

    private static boolean differ(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !one.equals(other);
    }
}
