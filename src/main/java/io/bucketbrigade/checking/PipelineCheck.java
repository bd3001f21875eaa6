package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.registry.YamlNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Checks a pipeline.yaml: that it can be used, and that what it names exists. */
final class PipelineCheck {
    private final KnownNames known;
    private final boolean allIsKnown;
    private final Faults faults;

    PipelineCheck(KnownNames known, boolean allIsKnown, Faults faults) {
        this.known = known;
        this.allIsKnown = allIsKnown;
        this.faults = faults;
    }

    /** @param folder the pipeline's folder */
    void check(Path folder) {
        Path file = folder.resolve(Pipeline.FILE);
        try {
            Pipelines.check(folder, known.placeholders()::contains);
            plan(file);
        } catch (Problem problem) {
            faults.error(file, (int) problem.line(), withoutPlace(problem));
        }
    }

    /** The place is shown before each fault, and sentences get their full stop there. */
    private static String withoutPlace(Problem problem) {
        String place = problem.file() + (problem.line() > 0 ? ", line " + problem.line() : "") + ": ";
        String sentence = problem.sentence();
        String what = sentence.startsWith(place) ? sentence.substring(place.length()) : sentence;
        return what.endsWith(".") ? what.substring(0, what.length() - 1) : what;
    }

    private void plan(Path file) {
        try {
            Node root = YamlNodes.read(Files.readString(file));
            Node plan = YamlNodes.child(root, "plan");
            String route = YamlNodes.text(plan);
            if (allIsKnown && plan != null && route != null && !known.routes().containsKey(route)) {
                faults.error(
                        file,
                        YamlNodes.line(plan),
                        "there is no route " + route
                                + Suggestion.of(route, known.routes().keySet()));
            }
        } catch (IOException | YamlEngineException changed) {
            faults.error(file, 0, "the file changed while it was read");
        }
    }
}
