package io.bucketbrigade.watching;

import io.bucketbrigade.runs.RecurringFailures;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.spi.RouteIdAware;

/** What happens when the inputs of a pipeline can't be checked: it is said once, and the next check tries again. */
final class FailedChecks implements PollingConsumerPollStrategy {
    private final RecurringFailures failures;

    FailedChecks(RecurringFailures failures) {
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
        failures.degraded(route(consumer), thrown);
        return false;
    }

    private static String route(Consumer consumer) {
        return ((RouteIdAware) consumer).getRouteId();
    }
}
