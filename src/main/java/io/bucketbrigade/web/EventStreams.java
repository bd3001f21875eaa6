package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Answers with server-sent events: what the operation's route says, at once and whenever it says something else. The route
 * is asked again and again as long as anybody listens, however many they are; other processes change things too. An event
 * holds the whole state, so a listener who is too slow for one, or was away, has missed nothing when the next one comes.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
final class EventStreams {
    private static final long TICK_MS = 50;
    /** Other processes change things too; what this one did is asked for at the next tick. */
    private static final int TICKS_BETWEEN_CHECKS = 6;
    /** Proxies cut connections on which nothing moves. */
    private static final int TICKS_BETWEEN_SIGNS_OF_LIFE = 300;

    private static final int MOST_LISTENERS = 500;

    private final RouteCalls routes;
    private final String operation;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean checking = new AtomicBoolean();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final LongSupplier changes;
    private volatile String latest = "";
    private long ticks;
    private long changesSeen;

    /** @param changes another number whenever this process has changed something */
    EventStreams(RouteCalls routes, String operation, LongSupplier changes) {
        this.routes = routes;
        this.operation = operation;
        this.changes = changes;
    }

    private static final class Listener {
        private final HttpServerResponse response;
        private String sent = "";

        Listener(HttpServerResponse response) {
            this.response = response;
        }

        synchronized void send(String event) {
            if (!event.equals(sent) && !response.closed() && !response.writeQueueFull()) {
                sent = event;
                response.write(event);
            }
        }
    }

    /**
     * Begins to send events.
     *
     * @throws Problem if too many listen
     */
    void answer(RoutingContext context) {
        if (listeners.size() >= MOST_LISTENERS) {
            throw new Problem(
                    Kind.TRANSIENT, "More than " + MOST_LISTENERS + " clients are listening already. Try again later.");
        }
        HttpServerResponse response = context.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("X-Accel-Buffering", "no");
        if (HeadRequests.is(context)) {
            HeadRequests.endEndless(context);
            return;
        }
        Listener listener = new Listener(response);
        listeners.add(listener);
        response.closeHandler(closed -> listeners.remove(listener));
        response.exceptionHandler(broken -> listeners.remove(listener));
        check(context.vertx());
        keepTicking(context.vertx());
    }

    private void keepTicking(Vertx vertx) {
        if (ticking.compareAndSet(false, true)) {
            vertx.setPeriodic(TICK_MS, timer -> tick(vertx, timer));
        }
    }

    private void tick(Vertx vertx, long timer) {
        if (listeners.isEmpty()) {
            vertx.cancelTimer(timer);
            ticking.set(false);
            // Somebody may have come since, and have found it still ticking.
            if (!listeners.isEmpty()) {
                keepTicking(vertx);
            }
            return;
        }
        if (++ticks % TICKS_BETWEEN_SIGNS_OF_LIFE == 0) {
            listeners.forEach(listener -> listener.response.write(": still here\n\n"));
        }
        long now = changes.getAsLong();
        if (now != changesSeen || ticks % TICKS_BETWEEN_CHECKS == 0) {
            changesSeen = now;
            check(vertx);
        }
    }

    private void check(Vertx vertx) {
        if (checking.compareAndSet(false, true)) {
            vertx.executeBlocking(this::ask, false).onComplete(asked -> {
                checking.set(false);
                latest = asked.succeeded()
                        ? asked.result()
                        : event("problem", ProblemJson.write(Problems.of(asked.cause())));
                listeners.forEach(listener -> listener.send(latest));
            });
        } else if (!latest.isEmpty()) {
            listeners.forEach(listener -> listener.send(latest));
        }
    }

    private String ask() throws Exception {
        Message answer = routes.call(operation, null, Map.of());
        boolean isProblem = answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class) != 200;
        return event(isProblem ? "problem" : "state", answer.getBody(String.class));
    }

    private static String event(String name, String json) {
        return "event: " + name + "\ndata: " + json.replaceAll("\\R\\s*", " ") + "\n\n";
    }
}
