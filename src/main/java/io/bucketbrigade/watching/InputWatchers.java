package io.bucketbrigade.watching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who watches the inputs of which pipeline: each that reads files has one. */
public final class InputWatchers {
    private final Pipelines pipelines;
    private final Map<String, InputWatcher> watchers = new LinkedHashMap<>();

    public InputWatchers(
            Pipelines pipelines,
            PipelineSettings settings,
            Locations locations,
            Ledger ledger,
            Degradations degradations) {
        this.pipelines = pipelines;
        for (Pipeline pipeline : pipelines.all()) {
            if (pipeline.definition().inputs() != null) {
                watchers.put(
                        pipeline.name(),
                        pipeline.definition().start().eachFile() == null
                                ? new SetWatcher(pipeline, settings, locations, ledger, degradations)
                                : new EachFileWatcher(pipeline, settings, locations, ledger, degradations));
            }
        }
    }

    /** How many files wait for a run, by pipeline, for Prometheus. */
    public void measure(MeterRegistry meters) {
        watchers.forEach((pipeline, watcher) -> Gauge.builder("brigade.inputs.waiting", watcher, InputWatcher::waiting)
                .description("Files that the last check of this instance found and that are not run yet,"
                        + " because they are incomplete, still being written, or behind others")
                .tag("pipeline", pipeline)
                .register(meters));
    }

    /**
     * The one of a pipeline.
     *
     * @throws Problem if there is no such pipeline, or it reads no files; the message names those that do
     */
    InputWatcher of(String pipeline) {
        InputWatcher watcher = watchers.get(pipeline);
        if (watcher == null) {
            throw new Problem(
                    Kind.MISSING,
                    "There is no pipeline '" + pipeline + "' that reads files. There are: "
                            + String.join(", ", watchers.keySet()) + ".");
        }
        return watcher;
    }

    /**
     * Breaks off runs of single files, which may take far longer than anybody waits for the end of a service; they are done again when it
     * starts. Others may finish.
     *
     * @throws InterruptedException if whoever stops them is interrupted
     */
    public void breakOffLong() throws InterruptedException {
        for (InputWatcher watcher : watchers.values()) {
            ClaimConsumer route = watcher.route().get();
            if (route != null && watcher instanceof EachFileWatcher) {
                route.breakOff();
            }
        }
    }

    /**
     * The next check of a pipeline claims a run though nothing is new, whatever number of runs is allowed on one day.
     *
     * @param because what the run's trigger will say
     * @throws Problem if there is no such pipeline, it reads no files, or no route gets its runs
     */
    public void runAgain(String pipeline, String because) {
        of(pipeline).runAgain(because);
    }

    /**
     * The next check claims a run of that task though nothing is new.
     *
     * @param path of the first input that the run read which is to be done again
     * @param because what the run's trigger will say
     * @throws Problem if the task is not one that files begin, or no route gets its runs
     */
    public void replay(String pipeline, String task, String path, String because) {
        @Nullable InputWatcher watcher = watchers.get(pipeline);
        if (watcher == null || !pipelines.get(pipeline).definition().task().equals(task)) {
            throw new Problem(
                    Kind.INPUT,
                    "Only runs that files start can be run again, and '" + task + "' of " + pipeline
                            + " is started by a call; make that call again.");
        }
        watcher.replay(path, because);
    }
}
