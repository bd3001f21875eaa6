package io.bucketbrigade.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.rest.openapi.DefaultRestOpenapiProcessorStrategy;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.processor.RestBindingAdvice;

/**
 * How Camel calls the route of an operation. Camel 4.17 leaves the values of a path encoded, sends text without its length, and sends
 * the request's headers back; all that is corrected here. What the values may hold has been checked before, by {@link Contract#values}.
 */
public final class OperationCalls extends DefaultRestOpenapiProcessorStrategy {
    /**
     * @throws io.bucketbrigade.problems.Problem if an operation has no route; says in which file it is
     */
    @Override
    public void validateOpenApi(OpenAPI contract, String basePath, PlatformHttpConsumerAware consumer)
            throws Exception {
        Set<String> routed = getCamelContext().getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointBaseUri().replaceFirst("^direct://", ""))
                .collect(Collectors.toSet());
        CamelContextHelper.mandatoryLookup(getCamelContext(), "contractFiles", ContractFiles.class)
                .requireRoutes(routed::contains);
        super.validateOpenApi(contract, basePath, consumer);
    }

    @Override
    public boolean process(
            OpenAPI contract,
            Operation operation,
            String verb,
            String path,
            RestBindingAdvice binding,
            Exchange exchange,
            AsyncCallback callback) {
        if (operation.getParameters() != null) {
            operation.getParameters().stream()
                    .filter(parameter -> "path".equals(parameter.getIn()))
                    .forEach(parameter -> decode(exchange.getMessage(), parameter.getName()));
        }
        Map<String, Object> asked = Answers.prepare(exchange.getMessage());
        return super.process(contract, operation, verb, path, binding, exchange, doneSync -> {
            Exception unhandled = exchange.getException();
            if (unhandled != null) {
                // A step within doTry fails past the handlers of its route if no doCatch is for its exception.
                exchange.setException(null);
                ProblemJson.answer(exchange.getMessage(), unhandled);
            }
            Answers.complete(exchange.getMessage(), asked);
            if (exchange.getMessage().getBody() instanceof byte[] bytes) {
                // Camel would write bytes as a stream, piece by piece in several threads.
                exchange.getMessage().setBody(ByteBuffer.wrap(bytes));
            }
            callback.done(doneSync);
        });
    }

    private static void decode(Message message, String name) {
        String encoded = message.getHeader(name, String.class);
        if (encoded != null) {
            message.setHeader(name, PercentCode.decode(encoded));
        }
    }
}
