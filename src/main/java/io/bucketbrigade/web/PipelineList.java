package io.bucketbrigade.web;

import io.bucketbrigade.registry.InputLocation;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import java.util.List;

/** The pipelines there are, for those who show them. */
public final class PipelineList {
    private final Pipelines pipelines;
    private final InputLocations inputs;

    public PipelineList(Pipelines pipelines, InputLocations inputs) {
        this.pipelines = pipelines;
        this.inputs = inputs;
    }

    /** All of them, in the order in which they are shown. */
    public record Listing(List<Listed> pipelines) {}

    /**
     * A pipeline.
     *
     * @param title its name for people
     * @param description one line that says what comes out of what
     * @param order its place among the pipelines, the smallest first
     * @param tab whether it has a page of its own: page.js in its folder
     * @param style whether it has a stylesheet for that: page.css in its folder
     * @param files whether it reads files that can be shown and sent
     */
    public record Listed(
            String name, String title, String description, int order, boolean tab, boolean style, boolean files) {}

    /** Lists them. */
    public Listing list() {
        return new Listing(pipelines.all().stream().map(this::listed).toList());
    }

    private Listed listed(Pipeline pipeline) {
        return new Listed(
                pipeline.name(),
                pipeline.definition().title(),
                pipeline.definition().description(),
                pipeline.definition().order(),
                PageFiles.has(pipeline, "page.js"),
                PageFiles.has(pipeline, "page.css"),
                inputs.find(pipeline).filter(InputLocation::hasTables).isPresent());
    }
}
