package io.bucketbrigade.runs;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.service.BaseService;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a consumer that polls can't do so, such as one that checks the inputs of a pipeline: it is said once, and the next poll
 * tries again. Camel would log each failed poll again with its whole exception; as the consumer's exception handler, this keeps it from that.
 */
public final class FailedPolls implements PollingConsumerPollStrategy, ExceptionHandler {
    private final RecurringFailures failures;

    public FailedPolls(RecurringFailures failures) {
        this.failures = failures;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return true;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int runs) {
        failures.recovered(route(consumer));
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retries, Exception thrown) {
        // The steps of a route that is being stopped fail for no other reason.
        if (((BaseService) consumer).isRunAllowed()) {
            failures.degraded(route(consumer), thrown);
        }
        return false;
    }

    @Override
    public void handleException(Throwable saidAlready) {}

    @Override
    public void handleException(String message, Throwable saidAlready) {}

    @Override
    public void handleException(String message, @Nullable Exchange exchange, Throwable saidAlready) {}

    private static String route(Consumer consumer) {
        return ((RouteIdAware) consumer).getRouteId();
    }
}
