package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gives bodies of any length to a route while they arrive; Camel's own HTTP server would collect them first. A body is the
 * file itself, or a form with one file in it. Few are accepted at a time; the others are asked to try again.
 */
final class StreamedCalls {
    private static final int AT_ONCE = 4;
    private static final String FORM = "multipart/form-data";

    private final RouteCalls routes;
    private final long largest;
    private final AtomicInteger atWork = new AtomicInteger();
    private @Nullable WorkerExecutor workers;

    /** @param largest length of a body, in bytes */
    StreamedCalls(RouteCalls routes, long largest) {
        this.routes = routes;
        this.largest = largest;
    }

    /**
     * Answers a call by the route of the operation.
     *
     * @param values the parameters in the path; the route finds them as headers, and so those that are headers; the header {@code mediaType}
     *     says what the body is
     * @param refuse says a problem to the caller
     * @throws Problem if the body can't be accepted
     */
    void answer(RoutingContext context, Operation operation, Map<String, String> values, Refusal refuse) {
        HttpServerRequest request = context.request();
        String essence = RequestGate.mediaType(request);
        if (!essence.isEmpty() && !operation.mediaTypes().contains(essence)) {
            throw new Problem(
                    Kind.MEDIA_TYPE,
                    "The body is " + essence + "; send " + String.join(" or ", operation.mediaTypes()) + ".");
        }
        String length = request.getHeader("Content-Length");
        if (length != null && (length.length() > 18 || Long.parseLong(length) > largest)) {
            throw ArrivingBody.tooLarge(largest);
        }
        if (atWork.get() >= AT_ONCE) {
            throw new Problem(
                    Kind.TOO_MANY,
                    AT_ONCE
                            + " files or streams of rows are being received already. Try again when one of them is done.");
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        Map<String, String> headers = RouteCalls.headers(request, operation, values);
        if (essence.equals(FORM)) {
            takeForm(context, operation, headers, refuse);
        } else {
            take(context, operation, headers, new ArrivingBody(request, largest), refuse);
        }
    }

    private void takeForm(RoutingContext context, Operation operation, Map<String, String> values, Refusal refuse) {
        AtomicBoolean taken = new AtomicBoolean();
        Promise<Void> form = Promise.promise();
        context.request().exceptionHandler(form::tryFail);
        context.request().setExpectMultipart(true).uploadHandler(upload -> {
            if (upload.filename().isEmpty()) {
                // A browser sends it for a field in which no file was chosen.
                upload.handler(nothing -> {});
            } else if (taken.compareAndSet(false, true)) {
                take(context, operation, values, new ArrivingBody(upload, largest, form.future()), refuse);
            } else {
                upload.handler(otherFile -> {});
                form.tryFail(new Problem(
                        Kind.USAGE,
                        "The form holds more than one file, and a PUT accepts one. Send each file with a PUT of its own, or, to"
                                + " make them one change, as a batch (POST …/batches)."));
            }
        });
        context.request().endHandler(end -> {
            form.tryComplete();
            if (!taken.get()) {
                refuse.say(
                        context, new Problem(Kind.USAGE, "The form holds no file. Send one, as multipart/form-data."));
            }
        });
    }

    private void take(
            RoutingContext context,
            Operation operation,
            Map<String, String> values,
            ArrivingBody body,
            Refusal refuse) {
        atWork.incrementAndGet();
        workers(context.vertx())
                .executeBlocking(() -> routes.call(operation.id(), body, values), false)
                .onComplete(done -> {
                    atWork.decrementAndGet();
                    body.close();
                    if (done.succeeded()) {
                        RouteCalls.write(context.response(), operation, done.result());
                    } else {
                        refuse.fault(context, done.cause());
                    }
                });
    }

    /** Says why a call is not answered. */
    interface Refusal {
        void say(RoutingContext context, Problem problem);

        void fault(RoutingContext context, Throwable thrown);
    }

    private synchronized WorkerExecutor workers(Vertx vertx) {
        if (workers == null) {
            // Keeps Vert.x from warning of a blocked thread: a long file takes long.
            workers = vertx.createSharedWorkerExecutor("streamed-calls", AT_ONCE, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
        return workers;
    }
}
