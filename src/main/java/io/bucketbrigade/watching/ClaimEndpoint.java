package io.bucketbrigade.watching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.FailedPolls;
import io.bucketbrigade.runs.RecurringFailures;
import java.time.InstantSource;
import java.util.SortedMap;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ScheduledPollEndpoint;

/** The runs of one pipeline. */
final class ClaimEndpoint extends ScheduledPollEndpoint {
    private final Pipeline pipeline;
    private final InputWatcher watcher;
    private final Degradations failing = new Degradations(InstantSource.system());

    ClaimEndpoint(String uri, ClaimComponent component, Pipeline pipeline, InputWatcher watcher) {
        super(uri, component);
        this.pipeline = pipeline;
        this.watcher = watcher;
        setInitialDelay(0);
        setDelay(watcher.interval().toMillis());
        setGreedy(true);
        FailedPolls failedPolls = new FailedPolls(new RecurringFailures(failing));
        setPollStrategy(failedPolls);
        setExceptionHandler(failedPolls);
    }

    /** Why the inputs can't be checked at present, by the id of the route; empty where they can. */
    SortedMap<String, String> failing() {
        return failing.current();
    }

    Pipeline pipeline() {
        return pipeline;
    }

    InputWatcher watcher() {
        return watcher;
    }

    @Override
    public ClaimComponent getComponent() {
        return (ClaimComponent) super.getComponent();
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ClaimConsumer created = new ClaimConsumer(this, processor);
        configureConsumer(created);
        watcher.route().compareAndSet(null, created);
        return created;
    }

    /**
     * What checks at once, in the thread of the sender; what it claims is run before the sender goes on. Where no route begins with this
     * endpoint there is nothing to check.
     */
    @Override
    public Producer createProducer() {
        return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) throws Exception {
                ClaimConsumer route = watcher.route().get();
                if (route == null) {
                    return;
                }
                if (!route.isRunAllowed()) {
                    throw new Problem(Kind.TRANSIENT, "The route of the pipeline " + pipeline.name() + " is stopped.");
                }
                route.runAll(exchange.getMessage().getBody(String.class));
            }
        };
    }
}
