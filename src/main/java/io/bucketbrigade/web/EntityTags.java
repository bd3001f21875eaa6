package io.bucketbrigade.web;

import java.util.Arrays;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/**
 * Compares entity tags as RFC 9110 section 13.1.2 says for If-None-Match. Takes its arguments by annotation, because what a
 * route writes between parentheses loses its outer quotes.
 */
public final class EntityTags {

    /**
     * Whether the client has this version already.
     *
     * @param ifNoneMatch the header of that name
     * @param entityTag the version there is
     */
    public boolean matches(
            @Header("If-None-Match") @Nullable String ifNoneMatch, @Variable("entityTag") String entityTag) {
        return isKnown(ifNoneMatch, entityTag);
    }

    static boolean isKnown(@Nullable String ifNoneMatch, String entityTag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(entityTag));
    }
}
