package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, and where to, as far as that can be believed.
 *
 * @param address the address of the one who calls, or of the proxy between, if that does not say it
 * @param isThroughProxy whether a proxy is between, trusted or not
 * @param scheme with which the service was called; none if unknown, because a proxy may be between that does not say so
 * @param host under which the service was called, with the port if that was named
 */
record Caller(
        String address,
        boolean isThroughProxy,
        @Nullable String scheme,
        @Nullable String host) {

    /**
     * Refuses calls from pages of others.
     *
     * @param origin the page's origin; none if the call is from no page
     */
    void refuseForeignOrigin(@Nullable String origin) {
        if (origin != null && !isOwn(origin)) {
            throw new Problem(Kind.FORBIDDEN, "Calls that write are not accepted from pages of another origin.");
        }
    }

    private boolean isOwn(String origin) {
        try {
            URI page = URI.create(origin);
            return String.valueOf(page.getAuthority()).equals(host)
                    && (scheme == null || scheme.equalsIgnoreCase(page.getScheme()));
        } catch (IllegalArgumentException noUri) {
            return false;
        }
    }
}
