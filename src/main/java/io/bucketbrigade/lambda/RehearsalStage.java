package io.bucketbrigade.lambda;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Lambda's runtime API and of S3 as a rehearsal asks for, on loopback, and no more. */
final class RehearsalStage {
    private static final int CALLS = 2;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final String METADATA = "x-amz-meta-";

    private final String bucket;
    private final Map<String, byte[]> raw;
    private final Map<String, Headers> written = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();

    private RehearsalStage(String bucket, Map<String, byte[]> raw) {
        this.bucket = bucket;
        this.raw = raw;
    }

    /**
     * Opens it.
     *
     * @param address host and port of the runtime API; S3 is there too
     * @param bucket the raw bucket
     * @param raw what is in it
     * @throws IOException if the port is in use
     */
    static URI open(String address, String bucket, Map<String, byte[]> raw) throws IOException {
        URI stage = URI.create("http://" + address);
        RehearsalStage opened = new RehearsalStage(bucket, raw);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), stage.getPort()), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "rehearsal");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/2018-06-01/runtime/", opened::lambda);
        server.createContext("/", opened::s3);
        server.start();
        return stage;
    }

    private void lambda(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (!exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 202, "{\"status\":\"OK\"}");
            if (!exchange.getRequestURI().getPath().endsWith("/response")) {
                Runtime.getRuntime().exit(1);
            }
            return;
        }
        int call = calls.incrementAndGet();
        if (call > CALLS) {
            Runtime.getRuntime().exit(0);
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", "rehearsal-" + call);
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 60_000));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-3:000000000000:function:rehearsal");
        answer(
                exchange,
                200,
                "{\"Records\":[{\"eventSource\":\"aws:s3\",\"s3\":{\"bucket\":{\"name\":\"" + bucket + "\"}}}]}");
    }

    private void s3(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String key = path.substring(path.lastIndexOf('/') + 1);
        byte[] object = raw.get(key);
        if (path.equals("/" + bucket) || path.equals("/" + bucket + "/")) {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            answer(exchange, 200, listing(query.replaceFirst(".*\\bprefix=([^&]*).*", "$1")));
        } else if (exchange.getRequestMethod().equals("PUT")) {
            written.put(key, exchange.getRequestHeaders());
            exchange.getResponseHeaders().set("ETag", "\"" + key + "\"");
            answer(exchange, 200, "");
        } else if (object != null && exchange.getRequestMethod().equals("GET")) {
            part(exchange, key, object);
        } else {
            head(exchange, key);
        }
    }

    private String listing(String prefix) {
        StringBuilder listing = new StringBuilder(
                "<?xml version=\"1.0\"?><ListBucketResult><Name>" + bucket + "</Name><IsTruncated>false</IsTruncated>");
        raw.forEach((key, bytes) -> {
            if (key.startsWith(prefix)) {
                listing.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>\"")
                        .append(key)
                        .append("\"</ETag><Size>")
                        .append(bytes.length)
                        .append("</Size></Contents>");
            }
        });
        return listing.append("</ListBucketResult>").toString();
    }

    private static void part(HttpExchange exchange, String key, byte[] object) throws IOException {
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
        int to = range.matches() ? Math.min(object.length, Integer.parseInt(range.group(2)) + 1) : object.length;
        exchange.getResponseHeaders().set("ETag", "\"" + key + "\"");
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + object.length);
        answer(exchange, 206, Arrays.copyOfRange(object, from, to));
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        Headers known = written.get(key);
        if (known != null) {
            exchange.getResponseHeaders().set("ETag", "\"" + key + "\"");
            known.forEach((name, values) -> {
                if (name.toLowerCase(Locale.ROOT).startsWith(METADATA)) {
                    exchange.getResponseHeaders().set(name, values.get(0));
                }
            });
        }
        exchange.sendResponseHeaders(known == null ? 404 : 200, -1);
        exchange.close();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Without a Content-Type, the library that asks for events crashes. */
    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
