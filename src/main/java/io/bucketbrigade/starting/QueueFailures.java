package io.bucketbrigade.starting;

import io.bucketbrigade.events.QueueProblem;
import io.bucketbrigade.runs.RecurringFailures;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;

/** Says that the queue can't be asked. That fails before there is a message, so no route's own handling sees it. */
public final class QueueFailures implements ExceptionHandler {
    private static final String ROUTE = "events-queue";

    private final RecurringFailures failures;
    private final String queue;

    QueueFailures(RecurringFailures failures, String queue) {
        this.failures = failures;
        this.queue = queue;
    }

    @Override
    public void handleException(Throwable thrown) {
        failures.degraded(ROUTE, QueueProblem.of(thrown, queue));
    }

    @Override
    public void handleException(String message, Throwable thrown) {
        handleException(thrown);
    }

    @Override
    public void handleException(String message, @Nullable Exchange exchange, Throwable thrown) {
        handleException(thrown);
    }
}
