package io.bucketbrigade.watching;

import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.Work;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.ScheduledPollConsumer;

/** Checks the inputs of a pipeline at regular intervals, and gives its route the runs that it claims. */
final class ClaimConsumer extends ScheduledPollConsumer {
    ClaimConsumer(ClaimEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        setHealthCheck(new Health(getRouteId()));
    }

    @Override
    protected void doStart() throws Exception {
        getEndpoint().watcher().route().set(this);
        super.doStart();
    }

    @Override
    protected void doShutdown() throws Exception {
        getEndpoint().watcher().route().compareAndSet(this, null);
        super.doShutdown();
    }

    /** Degraded while the inputs can't be checked; Camel would call the whole service down where one bucket does not answer. */
    private final class Health extends AbstractHealthCheck {
        private final String route;

        Health(String route) {
            super("camel", "consumer:" + route);
            this.route = route;
        }

        @Override
        public boolean isReadiness() {
            return false;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            String reason = getEndpoint().failing().get(route);
            if (reason == null) {
                builder.up();
            } else {
                builder.message(reason).unknown();
            }
        }
    }

    @Override
    public ClaimEndpoint getEndpoint() {
        return (ClaimEndpoint) super.getEndpoint();
    }

    @Override
    protected int poll() throws Exception {
        try {
            return runOne() ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (isRunAllowed()) {
                throw e;
            }
            return 0;
        }
    }

    /** Checks until there is nothing left to run. */
    void runAll(String trigger) throws Exception {
        getEndpoint().watcher().announce(trigger);
        boolean wasOne = true;
        while (wasOne && isRunAllowed()) {
            wasOne = runOne();
        }
    }

    private boolean runOne() throws Exception {
        Optional<Run> claimed = getEndpoint().watcher().check();
        if (claimed.isEmpty()) {
            return false;
        }
        Work work = getEndpoint().getComponent().work(getEndpoint().pipeline(), claimed.get());
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(work);
            exchange.setVariable(Work.VARIABLE, work);
            work.closedWith(exchange);
            getProcessor().process(exchange);
            getEndpoint().getComponent().endings().ensureEnded(work, exchange.getException(), !isRunAllowed());
        } finally {
            releaseExchange(exchange, false);
        }
        return true;
    }
}
