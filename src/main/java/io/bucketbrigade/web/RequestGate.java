package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.web.AccessRule.Access;
import io.bucketbrigade.web.CachedAnswers.Answer;
import io.bucketbrigade.web.Contract.MethodNotAllowed;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request passes here before Camel sees it. Camel answers what it can't take (an unknown path, a wrong method, a body
 * that is too large) itself, with an empty or a plain body, and takes form fields for headers; so all of that is settled
 * here, from the contract, and every call that passes has a route.
 */
public final class RequestGate {
    private static final Logger LOG = LoggerFactory.getLogger(RequestGate.class);
    private static final String JSON = "application/json";
    private static final String JSON_LINES = "application/x-ndjson";
    private static final List<String> READ_AS_JSON =
            List.of("", JSON, "application/x-www-form-urlencoded", "text/plain");

    /**
     * What all answers carry. Everything may be another thing a second later; nothing is guessed to be a script; the page
     * loads nothing from elsewhere and is shown in no other one. Camel would not pass the first of them on.
     */
    private static final Map<CharSequence, CharSequence> HEADERS = Map.of(
            HttpHeaders.CACHE_CONTROL,
            HttpHeaders.createOptimized("no-cache"),
            HttpHeaders.createOptimized("x-content-type-options"),
            HttpHeaders.createOptimized("nosniff"),
            HttpHeaders.createOptimized("content-security-policy"),
            HttpHeaders.createOptimized("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src 'self' data:; frame-ancestors 'none'"));

    /** Under which a call is kept that was admitted. */
    private static final String ADMITTED = "admitted";

    private static final List<Integer> UNROUTED = List.of(400, 404, 405);

    private final Contract contract;
    private final AccessRule access;
    private final TrustedProxies proxies;
    private final Connections connections;
    private final long largestBody;
    private final Map<String, CachedAnswers> cachedAnswers;
    private final RouteCalls calls;
    private final StreamedCalls streamed;
    private final DirectCalls direct;
    private final LongSupplier changes;
    private final CallTracing tracing;
    private final RequestMetrics metrics;
    private final Map<String, EventStreams> events = new ConcurrentHashMap<>();

    /**
     * @param proxies whose word on callers is taken
     * @param largestBody in bytes, of those that are not files
     * @param largestFile in bytes
     * @param routes where calls with files are answered, and what answers from memory is bound
     * @param changes another number whenever this process has changed what events report
     * @param tracing follows the calls
     * @param meters where figures about requests are registered
     */
    public RequestGate(
            Contract contract,
            AccessRule access,
            TrustedProxies proxies,
            Connections connections,
            long largestBody,
            long largestFile,
            CamelContext routes,
            LongSupplier changes,
            CallTracing tracing,
            MeterRegistry meters) {
        this.contract = contract;
        this.access = access;
        this.proxies = proxies;
        this.connections = connections;
        this.largestBody = largestBody;
        this.cachedAnswers = routes.getRegistry().findByType(CachedAnswers.class).stream()
                .collect(Collectors.toMap(CachedAnswers::operation, Function.identity()));
        this.calls = new RouteCalls(routes);
        this.changes = changes;
        this.tracing = tracing;
        this.metrics = new RequestMetrics(meters);
        this.streamed = new StreamedCalls(calls, largestFile);
        this.direct = new DirectCalls(calls);
    }

    /** Handles a request before anything that the router serves. */
    public void guard(VertxPlatformHttpRouter router) {
        router.route().order(Integer.MIN_VALUE).handler(this::enter).failureHandler(this::refuseFailed);
        // What Vert.x can't route, such as an address with a broken escape, gets no further than the outer routers.
        for (Router outer : connections.routers()) {
            UNROUTED.forEach(
                    status -> outer.errorHandler(status, context -> refuse(context, failure(context, status))));
        }
    }

    private void refuseFailed(RoutingContext context) {
        if (context.response().ended() || BrokenBodies.isOfTheCaller(context.failure())) {
            LOG.debug("A caller did not send a whole request", context.failure());
        } else {
            refuse(context, failure(context, context.statusCode()));
        }
    }

    private void enter(RoutingContext context) {
        connections.begun(context);
        metrics.begun(context);
        HEADERS.forEach(context.response()::putHeader);
        if (context.request().headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            BrokenBodies.answerMalformed(context, problem -> refuse(context, problem));
        }
        try {
            if (connections.isStopping()) {
                throw stopping();
            }
            if (HeadRequests.is(context)) {
                HeadRequests.addLength(context);
            }
            String path = path(context);
            HttpMethod method = context.request().method();
            if (method.equals(HttpMethod.HEAD) && contract.allowed(path).contains("HEAD")) {
                HeadRequests.answerAsGet(context);
                return;
            }
            if (method.equals(HttpMethod.OPTIONS)) {
                context.response()
                        .setStatusCode(204)
                        .putHeader("Allow", String.join(", ", contract.allowed(path)))
                        .end();
                return;
            }
            Operation operation = admit(context, path);
            context.put(ADMITTED, operation);
            if (operation.streams(mediaType(context.request()))) {
                streamed.answer(context, operation, contract.values(path), new Refusals());
            } else if (operation.events()) {
                events.computeIfAbsent(operation.id(), id -> new EventStreams(calls, id, changes))
                        .answer(context);
            } else if (direct.take(context.request(), operation)) {
                direct.answer(context, operation, contract.values(path), new Refusals());
            } else if (!answersFromMemory(context, operation)) {
                context.next();
            }
        } catch (MethodNotAllowed notAllowed) {
            context.response().putHeader("Allow", String.join(", ", notAllowed.allowed()));
            refuse(context, new Problem(Kind.METHOD, String.valueOf(notAllowed.getMessage())));
        } catch (Problem problem) {
            refuse(context, problem);
        }
    }

    private static final class Refusals implements StreamedCalls.Refusal {
        @Override
        public void say(RoutingContext context, Problem problem) {
            refuse(context, problem);
        }

        @Override
        public void fault(RoutingContext context, Throwable thrown) {
            refuse(context, internal(thrown));
        }
    }

    private String path(RoutingContext context) {
        String path = context.request().path() == null ? "/" : context.request().path();
        // Who may call what is settled by this path, and Camel goes by the other, so both must mean the same call.
        if (!contract.same(path, context.normalizedPath())) {
            throw new Problem(Kind.MISSING, "There is nothing at " + path + ".");
        }
        return path;
    }

    private Operation admit(RoutingContext context, String path) {
        HttpServerRequest request = context.request();
        Operation operation = contract.find(request.method().name(), path);
        // Polls come every few seconds, and streams of events never end.
        if (!operation.id().isEmpty() && !operation.events()) {
            tracing.begun(context, operation.template(), operation.id());
        }
        context.put(RequestMetrics.OPERATION, operation);
        Caller caller = proxies.caller(request);
        if (operation.access() == Access.WRITE) {
            caller.refuseForeignOrigin(request.getHeader("Origin"));
        }
        access.check(operation.access(), request.getHeader("Authorization"), caller);
        Preconditions.check(request);
        // Routes find it among the headers, where only the service may put it.
        request.headers().remove(RouteCalls.MEDIA_TYPE);
        Parameters.checkPath(path, contract.values(path), operation);
        Parameters.checkQuery(context, operation);
        if (operation.takesBody() || !operation.mediaTypes().isEmpty()) {
            checkTransfer(context);
        }
        if (operation.takesBody() && !operation.streams(mediaType(request))) {
            admitBody(request, operation);
            connections.awaitBody(context);
        }
        return operation;
    }

    /** How a body is sent, whatever it is. */
    private static void checkTransfer(RoutingContext context) {
        String encoding = context.request().getHeader("Content-Encoding");
        if (encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity")) {
            context.response().putHeader("Accept-Encoding", "identity");
            throw new Problem(
                    Kind.MEDIA_TYPE,
                    "The body is encoded as " + encoding.strip()
                            + " (Content-Encoding), and only bodies without an encoding are accepted. Send it"
                            + " unpacked.");
        }
        String expected = context.request().getHeader("Expect");
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw new Problem(
                    Kind.USAGE, "The header Expect is " + expected + "; only 100-continue can be met. Leave it out.");
        }
    }

    private boolean answersFromMemory(RoutingContext context, Operation operation) {
        CachedAnswers cached = cachedAnswers.get(operation.id());
        Answer answer = cached == null ? null : cached.answer(context.queryParams()::get);
        if (answer == null) {
            return false;
        }
        HttpServerResponse response = context.response();
        response.putHeader("ETag", answer.entityTag()).putHeader("Content-Type", "application/json");
        if (EntityTags.isKnown(context.request().getHeader("If-None-Match"), answer.entityTag())) {
            response.setStatusCode(304).end();
        } else {
            response.end(answer.json());
        }
        return true;
    }

    /** What a body is said to be, without parameters such as its character set; blank if nothing is said. */
    static String mediaType(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** What the body is shows when it is read; curl calls everything a form by default. */
    private void admitBody(HttpServerRequest request, Operation operation) {
        String essence = mediaType(request);
        if (!READ_AS_JSON.contains(essence) && !essence.endsWith("+json")) {
            throw new Problem(
                    Kind.MEDIA_TYPE,
                    "The body is " + essence + "; send "
                            + Stream.concat(Stream.of(JSON), operation.mediaTypes().stream())
                                    .collect(Collectors.joining(" or "))
                            + "."
                            + (essence.equals("text/csv")
                                            && operation.mediaTypes().contains(JSON_LINES)
                                    ? " ./brigade send FILE URL sends the rows of a CSV file."
                                    : ""));
        }
        request.headers().set("Content-Type", JSON);
        String length = request.getHeader("Content-Length");
        if (length != null && (length.length() > 18 || Long.parseLong(length) > largestBody)) {
            throw tooLarge();
        }
    }

    private Problem tooLarge() {
        return new Problem(
                Kind.TOO_LARGE,
                "The body is larger than " + largestBody + " bytes, the most that is accepted here."
                        + " Send less at once, or raise BRIGADE_HTTP_BODY_MAX.");
    }

    /** Of calls that the contract knows, but no route takes yet. */
    static Problem notReady() {
        return new Problem(Kind.TRANSIENT, "The service is just starting. Send the request again in a moment.");
    }

    private static Problem stopping() {
        return new Problem(Kind.TRANSIENT, "The service is stopping. Send the request again when it has started.");
    }

    private Problem failure(RoutingContext context, int status) {
        if (connections.isStopping() && status != 500) {
            return stopping();
        }
        return switch (status) {
            case 413 -> tooLarge();
            case 404, 405 ->
                context.get(ADMITTED) != null
                        ? notReady()
                        : new Problem(
                                Kind.MISSING,
                                "There is nothing at " + context.request().path() + ".");
            case 400, 414, 417 -> {
                try {
                    PercentCode.decode(String.valueOf(context.request().uri()));
                    yield new Problem(Kind.USAGE, "The request can't be understood.");
                } catch (Problem broken) {
                    yield broken;
                }
            }
            default -> internal(context.failure());
        };
    }

    private static Problem internal(@Nullable Throwable failure) {
        LOG.error("A request failed", failure);
        return Problems.of(failure == null ? new IllegalStateException("unknown") : failure);
    }

    private static void refuse(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        boolean isIceberg = IcebergErrors.isMeant(context.request().path());
        response.setStatusCode(problem.kind().status())
                .putHeader("Content-Type", isIceberg ? IcebergErrors.MEDIA_TYPE : ProblemJson.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store");
        if (ProblemJson.isWorthRetrying(problem)) {
            response.putHeader("Retry-After", Integer.toString(ProblemJson.RETRY_AFTER_SECONDS));
        }
        response.end(isIceberg ? IcebergErrors.write(problem) : ProblemJson.write(problem));
    }
}
