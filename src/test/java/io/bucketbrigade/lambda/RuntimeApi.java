package io.bucketbrigade.lambda;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Lambda is for a function: hands it events, and takes answers and errors.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Its interface</a>
 */
final class RuntimeApi implements AutoCloseable {
    private static final String PATH = "/2018-06-01/runtime/";

    /** How a call ended. */
    record Ended(boolean isSuccess, String body) {}

    private record Call(String id, String event) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Call> waiting = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Ended>> calls = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Long> firstAsked = new CompletableFuture<>();
    private final CompletableFuture<String> initError = new CompletableFuture<>();

    RuntimeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(PATH, this::serve);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Hands an event to whoever asks next. */
    CompletableFuture<Ended> call(String event) {
        Call call = new Call("call-" + count.incrementAndGet(), event);
        CompletableFuture<Ended> ended = new CompletableFuture<>();
        calls.put(call.id(), ended);
        waiting.add(call);
        return ended;
    }

    /** Completes when the function has started. */
    CompletableFuture<Long> started() {
        return firstAsked;
    }

    /** What the function says if it can't start. */
    CompletableFuture<String> initError() {
        return initError;
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(PATH.length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (path.equals("invocation/next")) {
            firstAsked.complete(System.nanoTime());
            next(exchange);
            return;
        }
        if (path.equals("init/error")) {
            initError.complete(body);
        } else {
            String[] parts = path.split("/", -1);
            calls.getOrDefault(parts[1], new CompletableFuture<>())
                    .complete(new Ended(parts[2].equals("response"), body));
        }
        answer(exchange, 202, "{\"status\":\"OK\"}");
    }

    private void next(HttpExchange exchange) throws IOException {
        try {
            Call call = waiting.take();
            Headers headers = exchange.getResponseHeaders();
            headers.set("Lambda-Runtime-Aws-Request-Id", call.id());
            headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 60_000));
            headers.set(
                    "Lambda-Runtime-Invoked-Function-Arn",
                    "arn:aws:lambda:eu-west-3:123456789012:function:aggregate-lambda-md4-api");
            headers.set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419");
            answer(exchange, 200, call.event());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        // Without it, the library that asks for events crashes.
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
