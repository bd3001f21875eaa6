package io.bucketbrigade.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * HEAD requests, answered as GET. Vert.x sends no body then, whatever the request is called later, but also omits the
 * length, which is added here.
 */
final class HeadRequests {
    private static final String MARK = HeadRequests.class.getName();
    private static final String ENDLESS = MARK + ".endless";
    /** Answers with these never have a length. */
    private static final Set<Integer> WITHOUT_LENGTH = Set.of(204, 304);

    private HeadRequests() {}

    /** Whether the caller wants no body. */
    static boolean is(RoutingContext context) {
        return context.request().method().equals(HttpMethod.HEAD) || context.get(MARK) != null;
    }

    /** Starts again as GET. */
    static void answerAsGet(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.put(MARK, true);
        String query = request.query();
        context.reroute(HttpMethod.GET, request.path() + (query == null ? "" : "?" + query));
    }

    /** Ends an answer that GET would never end, and that has no length therefore. */
    static void endEndless(RoutingContext context) {
        context.put(ENDLESS, true);
        context.response().end();
    }

    /** Adds the length that the body would have, if the answer to GET has one. */
    static void addLength(RoutingContext context) {
        HttpServerResponse response = context.response();
        context.addHeadersEndHandler(sent -> {
            if (context.get(ENDLESS) == null
                    && !response.isChunked()
                    && !response.headers().contains(HttpHeaders.CONTENT_LENGTH)
                    && !WITHOUT_LENGTH.contains(response.getStatusCode())) {
                response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(response.bytesWritten()));
            }
        });
    }
}
