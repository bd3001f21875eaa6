package io.bucketbrigade.registry;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Where the files of each pipeline are. */
public final class InputLocations {
    private final Supplier<Pipelines> pipelines;
    private final UnaryOperator<String> settings;

    /** @param settings gives the value of a setting */
    public InputLocations(Supplier<Pipelines> pipelines, UnaryOperator<String> settings) {
        this.pipelines = pipelines;
        this.settings = settings;
    }

    /** Where the files of a pipeline are; empty if it reads none. */
    public Optional<InputLocation> find(Pipeline pipeline) {
        return Optional.ofNullable(pipeline.definition().inputs())
                .map(inputs -> new InputLocation(pipeline.name(), settings.apply(inputs.location()), inputs.files()));
    }

    /**
     * Where the files of the pipeline of that name are.
     *
     * @throws Problem if there is no such pipeline, or it reads no files; names those that do
     */
    public InputLocation of(String pipeline) {
        return pipelines
                .get()
                .find(pipeline)
                .flatMap(this::find)
                .orElseThrow(() -> new Problem(
                        Kind.MISSING,
                        "There is no pipeline '" + pipeline + "' that reads files. There are: "
                                + pipelines.get().all().stream()
                                        .filter(one -> find(one).isPresent())
                                        .map(Pipeline::name)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
