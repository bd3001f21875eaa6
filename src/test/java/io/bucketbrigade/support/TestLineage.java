package io.bucketbrigade.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

/** Receives events as an OpenLineage endpoint does. */
public final class TestLineage implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();

    public TestLineage(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/api/v1/lineage", this::receive);
        server.start();
    }

    private void receive(HttpExchange call) throws IOException {
        try (call) {
            keys.add(String.valueOf(call.getRequestHeaders().getFirst("Authorization")));
            if (call.getRequestMethod().equals("POST")) {
                events.add(JSON.readTree(call.getRequestBody()));
                call.sendResponseHeaders(201, -1);
            } else {
                call.sendResponseHeaders(405, -1);
            }
        }
    }

    public Map<String, String> environment() {
        return environment(server.getAddress().getPort());
    }

    public static Map<String, String> environment(int port) {
        return new HashMap<>(Map.of("OPENLINEAGE_URL", "http://127.0.0.1:" + port));
    }

    public List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** What the requests had as their authorization. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    /** The events about runs of a job, by their types. */
    public List<String> types(String job) {
        return events.stream()
                .filter(event -> event.at("/job/name").asText().equals(job))
                .map(event -> event.path("eventType").asText())
                .toList();
    }

    /** The first event of a type about runs of a job. */
    public JsonNode event(String job, String type) {
        return events.stream()
                .filter(event -> event.at("/job/name").asText().equals(job)
                        && event.path("eventType").asText().equals(type))
                .findFirst()
                .orElseThrow();
    }

    /** The names of the inputs or outputs of an event. */
    public static List<String> names(JsonNode event, String datasets) {
        return StreamSupport.stream(event.path(datasets).spliterator(), false)
                .map(dataset -> dataset.path("name").asText())
                .toList();
    }

    /** An input or output whose name ends so. */
    public static JsonNode dataset(JsonNode event, String datasets, String end) {
        return StreamSupport.stream(event.path(datasets).spliterator(), false)
                .filter(dataset -> dataset.path("name").asText().endsWith(end))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
