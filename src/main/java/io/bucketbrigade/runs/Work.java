package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run works on in this process: what it claimed, its inputs, its transaction, and what its steps hand on to each other. The
 * exchange carries it as the variable {@code work}, and closes it when it is done, however that ends.
 */
public final class Work implements AutoCloseable {
    /** The variable's name. */
    public static final String VARIABLE = "work";

    private static final Logger LOG = LoggerFactory.getLogger(Work.class);

    /** Opens what a run claimed. */
    private interface Opening {
        Inputs open() throws IOException;
    }

    private final Run run;
    private final @Nullable Pipeline pipeline;
    private final String resultFolder;
    private final Opening opening;
    private volatile @Nullable Inputs inputs;
    private volatile @Nullable Transaction transaction;
    private @Nullable RowCounts rowCounts;
    private String withheld = "";
    private boolean rehearsal;
    private volatile boolean stopped;
    private final Map<Class<?>, Object> parts = new HashMap<>();
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Queue<Runnable> toStop = new ConcurrentLinkedQueue<>();

    private Work(Run run, @Nullable Pipeline pipeline, String resultFolder, Opening opening) {
        this.run = run;
        this.pipeline = pipeline;
        this.resultFolder = resultFolder;
        this.opening = opening;
    }

    /**
     * Of a claimed run, whose inputs are opened when they are first asked for.
     *
     * @param resultFolder where its files go; blank if it writes none
     */
    public static Work of(Run run, Pipeline pipeline, String resultFolder, Locations locations) {
        return new Work(run, pipeline, resultFolder, () -> claimed(run, locations));
    }

    /** Of a run that was claimed for inputs which are open already. */
    public static Work of(Run run, Inputs inputs) {
        Work work = new Work(run, null, "", () -> inputs);
        work.inputs = inputs;
        return work;
    }

    /** Of a run that is neither claimed nor recorded. */
    public static Work unrecorded(String pipeline, Inputs inputs) {
        return of(new Run(0, pipeline, "unrecorded", 1, List.of(), Instant.now(), new LongAdder()), inputs);
    }

    /**
     * Only to see what a run would do: nothing is claimed, and steps must not write.
     *
     * @param resultFolder where its files would go; blank if it writes none
     * @param inputs what it reads; more may still be added
     */
    public static Work rehearsal(Pipeline pipeline, String resultFolder, Inputs inputs) {
        Run run = new Run(0, pipeline.name(), "rehearsal", 1, List.of(), Instant.now(), new LongAdder());
        Work work = new Work(run, pipeline, resultFolder, () -> inputs);
        work.inputs = inputs;
        work.rehearsal = true;
        return work;
    }

    private static Inputs claimed(Run run, Locations locations) throws IOException {
        Inputs inputs = new Inputs();
        try {
            inputs.countReadsIn(run.bytesRead());
            for (Identity identity : run.inputs()) {
                inputs.with(identity.name(), locations.of(identity.location()).open(identity));
            }
            if (!inputs.identities().equals(run.inputs())) {
                throw new InputsChanged(
                        run.inputs().stream().map(Identity::name).toList());
            }
            return inputs;
        } catch (IOException | RuntimeException e) {
            close(inputs);
            throw e;
        }
    }

    /** Closes it when the exchange is done. */
    public Work closedWith(Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                close();
            }
        });
        return this;
    }

    /** What was claimed. */
    public Run run() {
        return run;
    }

    /** The run's number. */
    public long id() {
        return run.id();
    }

    /** Whether it is only to be seen what a run would do; steps must not write then. */
    public boolean isRehearsal() {
        return rehearsal;
    }

    /** The pipeline that the run belongs to. */
    public Pipeline pipeline() {
        if (pipeline == null) {
            throw new IllegalStateException("this is not a run of a whole pipeline");
        }
        return pipeline;
    }

    /** Where its files go; blank if it writes none. */
    public String resultFolder() {
        return resultFolder;
    }

    /**
     * What it reads.
     *
     * @throws InputsChanged if another version is there by now
     * @throws IOException if something can't be read
     */
    public Inputs inputs() throws IOException {
        Inputs opened = inputs;
        if (opened == null) {
            opened = opening.open();
            inputs = opened;
            if (stopped) {
                closeInputs();
            }
        }
        return opened;
    }

    /** What it reads; null if that was not opened. */
    public @Nullable Inputs openInputs() {
        return inputs;
    }

    /** What it changes in the database. */
    public Transaction transaction() {
        Transaction begun = transaction;
        if (begun == null) {
            throw new IllegalStateException("the run has not begun to change the database");
        }
        return begun;
    }

    /** @throws Problem if it has begun already */
    void begin(Transaction begun) {
        if (transaction != null) {
            begun.close();
            throw new Problem(
                    Kind.USAGE,
                    "The route begins to change the database twice. Remove all steps publication.begin but the first.");
        }
        transaction = begun;
    }

    /** Makes the step that it is in fail soon; called by another thread. */
    public void stop() {
        stopped = true;
        Transaction begun = transaction;
        if (begun != null) {
            begun.cancel();
        }
        toStop.forEach(Runnable::run);
        closeInputs();
    }

    /** Makes a step that waits for something else fail soon when the run is stopped; called by another thread, and by more than one. */
    public void onStop(Runnable stopping) {
        toStop.add(stopping);
        if (stopped) {
            stopping.run();
        }
    }

    /** Whether it was stopped, so that what fails afterwards is not the fault of the run. */
    boolean isStopped() {
        return stopped;
    }

    /** Whether there are row counts. */
    public boolean isCounted() {
        return rowCounts != null;
    }

    /** Row counts that are published with its tables. */
    public RowCounts rowCounts() {
        if (rowCounts == null) {
            throw new IllegalStateException("nothing was counted");
        }
        return rowCounts;
    }

    /** Sets the row counts that are published with its tables. */
    public void setRowCounts(RowCounts counted) {
        rowCounts = counted;
    }

    /** Not all of its results are published: the run is recorded as failed, together with those that are. */
    public void withhold(String reason) {
        withheld = reason;
    }

    /** Why not all of its results are published; blank if they are. */
    String withheld() {
        return withheld;
    }

    /** Keeps something for later steps, one of each class. */
    public <T> T keep(T part) {
        parts.put(part.getClass(), part);
        return part;
    }

    /** What an earlier step kept. */
    public <T> T kept(Class<T> type) {
        Object part = parts.get(type);
        if (part == null) {
            throw new IllegalStateException("no earlier step kept a " + type.getSimpleName());
        }
        return type.cast(part);
    }

    /** Closes something when the run ends. */
    public <T extends AutoCloseable> T closing(T part) {
        toClose.push(part);
        return part;
    }

    /** Takes back what was not committed, and lets go of its locks. */
    void rollBack() {
        Transaction begun = transaction;
        if (begun != null) {
            begun.close();
        }
    }

    /** Closes the inputs, which nobody reads any more. */
    void closeInputs() {
        Inputs opened = inputs;
        if (opened != null) {
            close(opened);
        }
    }

    /** Ends it. A fault in closing changes no result, so it is only logged. */
    @Override
    public void close() {
        rollBack();
        while (!toClose.isEmpty()) {
            close(toClose.pop());
        }
        closeInputs();
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("What a run used could not be closed: {}", e.getMessage());
        }
    }
}
