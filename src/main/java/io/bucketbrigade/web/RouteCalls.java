package io.bucketbrigade.web;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/** Asks the route of an operation, where Camel's own HTTP server is not what answers. */
final class RouteCalls {
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

    private synchronized ProducerTemplate template() {
        if (template == null) {
            template = routes.createProducerTemplate();
        }
        return template;
    }
}
