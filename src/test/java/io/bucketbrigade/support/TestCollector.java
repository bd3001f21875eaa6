package io.bucketbrigade.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Receives traces as a collector of OpenTelemetry does. */
public final class TestCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<KeyValue> resource = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    public TestCollector(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", this::receive);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private void receive(HttpExchange call) throws IOException {
        try (call) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(call.getRequestBody());
            keys.add(String.valueOf(call.getRequestHeaders().getFirst("api-key")));
            if (status == 200) {
                request.getResourceSpansList().forEach(sent -> {
                    resource.addAll(sent.getResource().getAttributesList());
                    sent.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
                });
            }
            call.sendResponseHeaders(status, -1);
        }
    }

    /** From now on, answers with that status, and takes what comes only if it is 200. */
    public void answer(int with) {
        status = with;
    }

    /** The settings of a service that sends its traces here at once. */
    public Map<String, String> environment() {
        return environment(server.getAddress().getPort());
    }

    public static Map<String, String> environment(int port) {
        return new HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port));
    }

    public List<Span> spans() {
        return List.copyOf(spans);
    }

    /** What the request headers had for a key. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    public Map<String, String> resource() {
        return attributes(resource);
    }

    /** The spans of that name. */
    public List<Span> named(String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    public List<String> names() {
        return spans.stream().map(Span::getName).toList();
    }

    /** The names of the spans that are directly within another one. */
    public List<String> within(Span parent) {
        return spans.stream()
                .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
                .map(Span::getName)
                .sorted()
                .toList();
    }

    public static Map<String, String> attributes(Span span) {
        return attributes(span.getAttributesList());
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        attribute -> attribute.getValue().hasIntValue()
                                ? Long.toString(attribute.getValue().getIntValue())
                                : attribute.getValue().getStringValue(),
                        (first, second) -> second));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
