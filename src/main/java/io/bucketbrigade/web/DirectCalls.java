package io.bucketbrigade.web;

import io.bucketbrigade.web.StreamedCalls.Refusal;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.jspecify.annotations.Nullable;

/**
 * Gives small bodies to a route in the thread of the HTTP server, and answers when the route is done. Camel's own HTTP server gives each
 * call a thread that waits until then; where the rows of many callers wait for the disk together, changing threads costs more than the call.
 * The route must not make the thread wait, so an operation asks for this by {@code x-body: direct}.
 */
final class DirectCalls {
    /** In bytes; what takes longer to read through keeps other calls from the thread. */
    private static final int LARGEST = 16 * 1024;

    private final RouteCalls routes;

    DirectCalls(RouteCalls routes) {
        this.routes = routes;
    }

    /** Whether a call is answered so; otherwise Camel's server does. */
    boolean take(HttpServerRequest request, Operation operation) {
        String length = request.getHeader("Content-Length");
        return operation.isDirect()
                && length != null
                && Long.parseLong(length) <= LARGEST
                && request.getHeader("Expect") == null;
    }

    /**
     * Answers a call by the route of the operation.
     *
     * @param values the parameters in the path; the route finds them as headers, and so those that are headers
     * @param refuse says a problem to the caller
     */
    void answer(RoutingContext context, Operation operation, Map<String, String> values, Refusal refuse) {
        Context thread = context.vertx().getOrCreateContext();
        Map<String, String> headers = RouteCalls.headers(context.request(), operation, values);
        context.request().body().onSuccess(body -> {
            try {
                routes.call(
                        operation.id(),
                        body.getBytes(),
                        headers,
                        (answer, failed) ->
                                thread.runOnContext(back -> reply(context, operation, answer, failed, refuse)));
            } catch (RuntimeException noRoute) {
                refuse.fault(context, noRoute);
            }
        });
    }

    private static void reply(
            RoutingContext context, Operation operation, Message answer, @Nullable Exception failed, Refusal refuse) {
        if (failed instanceof DirectConsumerNotAvailableException) {
            refuse.say(context, RequestGate.notReady());
        } else if (failed != null) {
            refuse.fault(context, failed);
        } else {
            try {
                RouteCalls.write(context.response(), operation, answer);
            } catch (RuntimeException unwritable) {
                refuse.fault(context, unwritable);
            }
        }
    }
}
