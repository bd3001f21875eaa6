package io.bucketbrigade.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what is published to a topic, as SNS does over HTTP. */
public final class SnsStandIn implements AutoCloseable {
    public static final String TOPIC = "arn:aws:sns:eu-west-1:000000000000:runs";

    private static final String ANSWER = """
            <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
              <PublishResult><MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId></PublishResult>
              <ResponseMetadata><RequestId>f187a3c1-376f-11df-8963-01868b7c937a</RequestId></ResponseMetadata>
            </PublishResponse>
            """;

    private final HttpServer server;
    private final List<Map<String, String>> published = new CopyOnWriteArrayList<>();

    public SnsStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> fields = new HashMap<>();
        for (String field : form.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[parts.length - 1], StandardCharsets.UTF_8));
        }
        boolean publishes = "Publish".equals(fields.get("Action"));
        if (publishes) {
            published.add(fields);
        }
        byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/xml");
        exchange.sendResponseHeaders(publishes ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    public List<Map<String, String>> published() {
        return published;
    }

    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL_SNS",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "AWS_ACCESS_KEY_ID",
                "key",
                "AWS_SECRET_ACCESS_KEY",
                "secret",
                "BRIGADE_SNS_TOPIC",
                TOPIC);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
