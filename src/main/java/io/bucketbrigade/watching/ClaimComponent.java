package io.bucketbrigade.watching;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code claim}. A route that begins with {@code claim:orders} gets the runs of the pipeline orders: as soon as its inputs
 * are there, as its pipeline.yaml says, a run is claimed in the ledger, and its {@link Work} is the message. After a run, the inputs are
 * checked again at once. A message that is sent to {@code claim:orders} means "check now"; its body says why, as the run's trigger.
 */
public final class ClaimComponent extends DefaultComponent {
    /** Its scheme. */
    public static final String SCHEME = "claim";

    private final Pipelines pipelines;
    private final InputWatchers watchers;
    private final PipelineSettings settings;
    private final Locations locations;
    private final RunEndings endings;

    /** @param endings ends the runs that a route did not end */
    public ClaimComponent(
            Pipelines pipelines,
            InputWatchers watchers,
            PipelineSettings settings,
            Locations locations,
            RunEndings endings) {
        this.pipelines = pipelines;
        this.watchers = watchers;
        this.settings = settings;
        this.locations = locations;
        this.endings = endings;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String pipeline, Map<String, Object> parameters) {
        return new ClaimEndpoint(uri, this, pipelines.get(pipeline), watchers.of(pipeline));
    }

    /** Why a pipeline's inputs can't be run: nothing gets the run. */
    public static Problem withoutRoute(Pipeline pipeline) {
        return new Problem(
                Kind.CONFLICT,
                "No route starts from " + SCHEME + ":" + pipeline.name() + ", so nothing runs the inputs of "
                        + pipeline.name() + ". Write such a route in " + FilePaths.shown(pipeline.folder()) + ".");
    }

    RunEndings endings() {
        return endings;
    }

    Work work(Pipeline pipeline, Run run) {
        return Work.of(run, pipeline, settings.result(pipeline.definition()), locations);
    }
}
