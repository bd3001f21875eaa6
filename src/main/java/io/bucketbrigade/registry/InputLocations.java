package io.bucketbrigade.registry;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Definition.Marker;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Where the files of each pipeline are. */
public final class InputLocations {
    private final Supplier<Pipelines> pipelines;
    private final Function<InputFiles, String> place;
    private final Function<Marker, String> markerPlace;

    /**
     * @param place gives the folder or bucket of a pipeline's inputs
     * @param markerPlace gives the folder or bucket of a pipeline's marker
     */
    public InputLocations(
            Supplier<Pipelines> pipelines, Function<InputFiles, String> place, Function<Marker, String> markerPlace) {
        this.pipelines = pipelines;
        this.place = place;
        this.markerPlace = markerPlace;
    }

    /** Where the marker of a pipeline appears; empty if that is not its name, or an input has that very name. */
    public Optional<String> ofMarker(String pipeline, String name) {
        return pipelines
                .get()
                .find(pipeline)
                .flatMap(one -> Optional.ofNullable(one.definition().start().marker()))
                .filter(marker -> marker.name().equals(name)
                        && of(pipeline).files().stream().noneMatch(file -> name.equals(file.title())))
                .map(markerPlace);
    }

    /** Where the files of a pipeline are; empty if it reads none. */
    public Optional<InputLocation> find(Pipeline pipeline) {
        return Optional.ofNullable(pipeline.definition().inputs())
                .map(inputs -> new InputLocation(pipeline.name(), place.apply(inputs), inputs.files()));
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
