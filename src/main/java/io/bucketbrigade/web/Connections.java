package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.tls.ServedTls;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Keeps slow and idle callers from using up what others need: a connection on which no whole request comes for a while is
 * closed, whether nothing comes or a byte now and then, and so is one whose JSON doesn't arrive, when that was said.
 *
 * <p>Camel 4.17 makes its HTTP server with Vert.x's defaults, which know no such limit, and offers no way to set one. But it
 * takes a Vert.x that it finds in its registry; the one that this gives it adds the limits to every HTTP server it makes.
 */
public final class Connections {
    private static final int MOST = 12_000;
    private static final long WHOLE_REQUEST_WITHIN_MS = 30_000;
    private static final long LOOK_EVERY_MS = 1000;
    /** Calls that Camel answers hold a thread meanwhile. */
    private static final int CALLS_AT_ONCE = 100;
    /** No file is served by Vert.x, whose cache would be in the system's temporary folder, which may not be writable. */
    private static final FileSystemOptions NO_CACHE =
            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

    /** When a connection began to wait for a request; those that wait for an answer of ours are not among them. */
    private final Map<HttpConnection, Long> waiting = new ConcurrentHashMap<>();

    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setFileSystemOptions(NO_CACHE).setWorkerPoolSize(CALLS_AT_ONCE));

    private volatile boolean isStopping;

    private final @Nullable ServedTls tls;

    /** @param tls what HTTPS is served with; none to serve HTTP */
    public Connections(@Nullable ServedTls tls) {
        this.tls = tls;
        vertx.setPeriodic(LOOK_EVERY_MS, timer -> closeTheSlow());
    }

    /** The Vert.x to make HTTP servers with. */
    public Vertx vertx() {
        return (Vertx) Proxy.newProxyInstance(
                Connections.class.getClassLoader(),
                new Class<?>[] {VertxInternal.class},
                (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("createHttpServer")
                                && arguments != null
                                && arguments[0] instanceof HttpServerOptions options) {
                            // With it, a connection is not known before its first request is whole.
                            options.setHttp2ClearTextEnabled(false);
                            if (tls != null) {
                                tls.applyTo(options);
                            }
                            HttpServer server = vertx.createHttpServer(options)
                                    .connectionHandler(this::opened)
                                    .invalidRequestHandler(Connections::refuse);
                            servers.add(server);
                            return server;
                        }
                        return method.invoke(vertx, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** What runs the HTTP servers. */
    public Vertx own() {
        return vertx;
    }

    /** What the HTTP servers give their requests to first; known as soon as they listen. */
    List<Router> routers() {
        return servers.stream()
                .map(HttpServer::requestHandler)
                .filter(Router.class::isInstance)
                .map(Router.class::cast)
                .toList();
    }

    /** Answers what is not HTTP, or too long. */
    private static void refuse(HttpServerRequest request) {
        refuse(
                request,
                new Problem(
                        Kind.USAGE,
                        "The request can't be understood as HTTP. Its first line may have "
                                + HttpServerOptions.DEFAULT_MAX_INITIAL_LINE_LENGTH + " bytes, its headers "
                                + HttpServerOptions.DEFAULT_MAX_HEADER_SIZE + " in all."));
    }

    private static void refuse(HttpServerRequest request, Problem problem) {
        request.response()
                .setStatusCode(problem.kind().status())
                .putHeader("Content-Type", ProblemJson.MEDIA_TYPE)
                .putHeader("Connection", "close")
                .end(ProblemJson.write(problem))
                .onComplete(sent -> request.connection().close());
    }

    private void opened(HttpConnection connection) {
        if (open.size() >= MOST) {
            connection.close();
            return;
        }
        open.add(connection);
        waiting.put(connection, System.currentTimeMillis());
        connection.closeHandler(closed -> {
            open.remove(connection);
            waiting.remove(connection);
        });
    }

    private void closeTheSlow() {
        long latest = System.currentTimeMillis() - WHOLE_REQUEST_WITHIN_MS;
        waiting.forEach((connection, since) -> {
            if (since < latest) {
                connection.close();
            }
        });
    }

    /** A request's head has come; its answer is now what is waited for. */
    void begun(RoutingContext context) {
        HttpConnection connection = context.request().connection();
        waiting.remove(connection);
        context.addEndHandler(ended -> {
            if (open.contains(connection)) {
                waiting.put(connection, System.currentTimeMillis());
            }
        });
    }

    /** A request's body must come soon. The timer ends with the call, because it keeps all of the call in memory. */
    void awaitBody(RoutingContext context) {
        HttpServerRequest request = context.request();
        long timer = vertx.setTimer(WHOLE_REQUEST_WITHIN_MS, late -> {
            if (request.isEnded()) {
                return;
            }
            if (request.response().headWritten()) {
                request.connection().close();
            } else {
                refuse(
                        request,
                        new Problem(
                                Kind.TOO_SLOW,
                                "The body did not arrive within " + WHOLE_REQUEST_WITHIN_MS / 1000
                                        + " s. Send it again."));
            }
        });
        context.addEndHandler(ended -> vertx.cancelTimer(timer));
    }

    /** From now on, requests are asked to come again later. */
    public void stopSoon() {
        isStopping = true;
    }

    /** Whether requests are to come again later. */
    boolean isStopping() {
        return isStopping;
    }

    /** Lets go of its threads, when no server uses it any more. */
    public void close() {
        vertx.close();
    }
}
