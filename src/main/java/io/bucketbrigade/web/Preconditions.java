package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/** Headers that make a call that changes something depend on more than its address; no such call supports them. */
final class Preconditions {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final List<String> CONDITIONS = List.of("If-Match", "If-None-Match", "If-Unmodified-Since");

    private Preconditions() {}

    /**
     * Checks a request.
     *
     * @throws Problem if it changes something and has such a header, because ignoring it would overwrite what the caller wants
     *     to keep
     */
    static void check(HttpServerRequest request) {
        if (SAFE.contains(request.method())) {
            return;
        }
        if (request.headers().contains("Content-Range")) {
            throw new Problem(
                    Kind.USAGE,
                    "Content-Range is not supported: a part would replace the whole. Send the whole body, without this header.");
        }
        for (String condition : CONDITIONS) {
            if (request.headers().contains(condition)) {
                throw new Problem(
                        Kind.USAGE,
                        condition + " is not supported for " + request.method().name()
                                + ": what it changes has no entity tag to compare. Nothing was changed. Send it without this header.");
            }
        }
    }
}
