package io.bucketbrigade.lineage;

import static io.bucketbrigade.lineage.LineageEvents.OPEN_LINEAGE;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Locations;
import io.openlineage.client.OpenLineage.DatasetFacetsBuilder;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.SchemaDatasetFacet;
import io.openlineage.client.OpenLineage.SchemaDatasetFacetFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files and objects under the names that OpenLineage gives them: {@code s3://bucket} and a key, or {@code file} and a path. */
final class LineageDatasets {
    /** Where something is, for OpenLineage. */
    record Place(String namespace, String name) {
        /** @param path as people write it */
        static Place of(String path) {
            if (Locations.isBucket(path)) {
                String key = path.substring("s3://".length());
                int slash = key.indexOf('/');
                return slash < 0
                        ? new Place(path, "/")
                        : new Place("s3://" + key.substring(0, slash), key.substring(slash + 1));
            }
            return new Place(
                    "file", FilePaths.literal(path).toAbsolutePath().normalize().toString());
        }
    }

    /**
     * A file that a run claimed.
     *
     * @param declared the files that the pipeline says it reads; columns are known if they are among what it says
     */
    InputDataset input(Identity file, Optional<InputFiles> declared) {
        Place place = Place.of(file.path());
        String version = file.entityTag().isEmpty() ? file.modified().toString() : file.entityTag();
        DatasetFacetsBuilder facets =
                OPEN_LINEAGE.newDatasetFacetsBuilder().version(OPEN_LINEAGE.newDatasetVersionDatasetFacet(version));
        declared.flatMap(files -> files.find(file.name()))
                .map(LineageDatasets::schema)
                .ifPresent(facets::schema);
        return OPEN_LINEAGE
                .newInputDatasetBuilder()
                .namespace(place.namespace())
                .name(place.name())
                .facets(facets.build())
                .inputFacets(OPEN_LINEAGE
                        .newInputDatasetInputFacetsBuilder()
                        .inputStatistics(OPEN_LINEAGE.newInputStatisticsInputDatasetFacet(null, file.size(), 1L))
                        .build())
                .build();
    }

    /** The folder or bucket with the files that a run read because an index names them; how many there were, and their rows. */
    InputDataset inputFolder(String location, RowCounts rowCounts) {
        Place place = Place.of(location);
        long files = rowCounts.files().stream()
                .filter(file -> file.skipped() == null)
                .count();
        return OPEN_LINEAGE
                .newInputDatasetBuilder()
                .namespace(place.namespace())
                .name(place.name())
                .inputFacets(OPEN_LINEAGE
                        .newInputDatasetInputFacetsBuilder()
                        .inputStatistics(
                                OPEN_LINEAGE.newInputStatisticsInputDatasetFacet(rowCounts.rowsRead(), null, files))
                        .build())
                .build();
    }

    OutputDataset outputFile(String path) {
        Place place = Place.of(path);
        return OPEN_LINEAGE
                .newOutputDatasetBuilder()
                .namespace(place.namespace())
                .name(place.name())
                .build();
    }

    /** What follows the type, such as "unique", is about values. */
    private static @Nullable String type(@Nullable String column) {
        return column == null ? null : column.replaceFirst(",.*", "");
    }

    private static @Nullable SchemaDatasetFacet schema(InputFile file) {
        Map<String, String> types = file.columnTypes();
        List<SchemaDatasetFacetFields> fields = file.columns().stream()
                .map(column -> OPEN_LINEAGE.newSchemaDatasetFacetFields(column, type(types.get(column)), null, null))
                .toList();
        return fields.isEmpty() ? null : OPEN_LINEAGE.newSchemaDatasetFacet(fields);
    }
}
