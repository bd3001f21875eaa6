package io.bucketbrigade.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Asks the route of an operation, where Camel's own HTTP server is not what answers. */
final class RouteCalls {
    /** The header by which a route knows what a body is. */
    static final String MEDIA_TYPE = "mediaType";

    private final Map<String, AsyncProducer> producers = new ConcurrentHashMap<>();
    private final CamelContext routes;
    private @Nullable ProducerTemplate template;

    RouteCalls(CamelContext routes) {
        this.routes = routes;
    }

    /**
     * The route's answer.
     *
     * @param headers what the route finds as headers
     * @throws Exception what the route did not deal with
     */
    Message call(String operation, @Nullable Object body, Map<String, String> headers) throws Exception {
        Exchange exchange = template().request("direct:" + operation, sent -> {
            sent.getMessage().setBody(body);
            headers.forEach(sent.getMessage()::setHeader);
            Answers.prepare(sent.getMessage());
        });
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        Answers.complete(exchange.getMessage(), Map.copyOf(headers));
        return exchange.getMessage();
    }

    /**
     * Asks the route, and goes on. The route begins in the calling thread, which must not be kept waiting there.
     *
     * @param done gets the route's answer, or what it did not deal with; in any thread
     */
    void call(String operation, @Nullable Object body, Map<String, String> headers, Done done) {
        // While it starts or stops, the caller must not be kept waiting.
        Endpoint route = routes.getEndpoint("direct:" + operation + "?block=false");
        Exchange exchange = route.createExchange(ExchangePattern.InOut);
        Message message = exchange.getMessage();
        message.setBody(body);
        headers.forEach(message::setHeader);
        Answers.prepare(message);
        producers.computeIfAbsent(operation, id -> producer(route)).process(exchange, doneSync -> {
            if (exchange.getException() == null) {
                Answers.complete(exchange.getMessage(), Map.copyOf(headers));
            }
            done.accept(exchange.getMessage(), exchange.getException());
        });
    }

    /** Gets a route's answer, or what failed, of which one is null. */
    interface Done {
        void accept(Message answer, @Nullable Exception failed);
    }

    private static AsyncProducer producer(Endpoint route) {
        try {
            AsyncProducer producer = route.createAsyncProducer();
            ServiceHelper.startService(producer);
            return producer;
        } catch (Exception e) {
            throw new IllegalStateException("There is no route " + route.getEndpointUri(), e);
        }
    }

    /** The headers of a request that its operation knows, with the parameters in its path, and what its body is. */
    static Map<String, String> headers(HttpServerRequest request, Operation operation, Map<String, String> values) {
        Map<String, String> headers = new HashMap<>(values);
        headers.put(MEDIA_TYPE, RequestGate.mediaType(request));
        if (request.headers().contains(CallTracing.TRACE_PARENT)) {
            headers.put(CallTracing.TRACE_PARENT, request.getHeader(CallTracing.TRACE_PARENT));
        }
        operation.parameters().stream()
                .filter(parameter -> parameter.path("in").asText().equals("header"))
                .map(parameter -> parameter.path("name").asText())
                .filter(request.headers()::contains)
                .forEach(name -> headers.put(name, request.getHeader(name)));
        return headers;
    }

    /** Sends a route's answer, unless the caller is gone. */
    static void write(HttpServerResponse response, Operation operation, Message answer) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class));
        List.of(Exchange.CONTENT_TYPE, "Retry-After").forEach(header -> write(response, header, answer));
        operation.answerHeaders().forEach(header -> write(response, header, answer));
        response.end(Buffer.buffer(answer.getBody(byte[].class)));
    }

    private static void write(HttpServerResponse response, String header, Message answer) {
        String value = answer.getHeader(header, String.class);
        if (value != null) {
            response.putHeader(header, value);
        }
    }

    private synchronized ProducerTemplate template() {
        if (template == null) {
            template = routes.createProducerTemplate();
        }
        return template;
    }
}
