package io.bucketbrigade.lake;

import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the lakes of the pipelines are. */
public final class LakePlaces {
    private final Supplier<Pipelines> pipelines;
    private final PipelineSettings settings;
    private final Locations locations;

    /** @param locations where files are */
    public LakePlaces(Supplier<Pipelines> pipelines, PipelineSettings settings, Locations locations) {
        this.pipelines = pipelines;
        this.settings = settings;
        this.locations = locations;
    }

    /** The lake with the tables of a namespace; none if that belongs to no pipeline here. */
    Optional<LakeFiles> find(String namespace) {
        return pipelines.get().all().stream()
                .filter(pipeline -> TableName.namespaceOf(pipeline.name()).equals(namespace))
                .map(pipeline -> settings.result(pipeline.definition()))
                .filter(place -> !place.isEmpty())
                .map(place -> new LakeFiles(locations, place))
                .findFirst();
    }
}
