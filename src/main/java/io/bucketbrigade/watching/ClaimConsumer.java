package io.bucketbrigade.watching;

import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.RunLog;
import io.bucketbrigade.runs.RunLog.Marked;
import io.bucketbrigade.runs.Work;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;

/** Checks the inputs of a pipeline at regular intervals, and gives its route the runs that it claims. */
final class ClaimConsumer extends ScheduledPollConsumer {
    private static final Duration BREAK_OFF_WITHIN = Duration.ofSeconds(10);

    private final AtomicReference<@Nullable Work> current = new AtomicReference<>();
    private volatile boolean isBrokenOff;

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

    /**
     * Breaks off the run that it is in, and begins no other. Ends when that run is released, or does not react for long.
     *
     * @throws InterruptedException if whoever stops it is interrupted
     */
    void breakOff() throws InterruptedException {
        isBrokenOff = true;
        long until = System.nanoTime() + BREAK_OFF_WITHIN.toNanos();
        // A statement that begins just after the last one was cancelled is cancelled too.
        for (Work work = current.get(); work != null && System.nanoTime() < until; work = current.get()) {
            work.stop();
            TimeUnit.MILLISECONDS.sleep(50);
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
        if (isBrokenOff) {
            return false;
        }
        Optional<Run> claimed = getEndpoint().watcher().check();
        if (claimed.isEmpty()) {
            return false;
        }
        Marked marked = RunLog.of(claimed.get());
        try {
            run(claimed.get());
        } finally {
            marked.end();
        }
        return true;
    }

    private void run(Run claimed) throws Exception {
        Work work = getEndpoint().getComponent().work(getEndpoint().pipeline(), claimed);
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(work);
            exchange.setVariable(Work.VARIABLE, work);
            work.closedWith(exchange);
            current.set(work);
            if (isBrokenOff) {
                work.stop();
            }
            getProcessor().process(exchange);
            getEndpoint().getComponent().endings().ensureEnded(work, exchange.getException(), !isRunAllowed());
        } finally {
            current.set(null);
            releaseExchange(exchange, false);
        }
    }
}
