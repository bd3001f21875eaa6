package io.bucketbrigade.lineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.bucketbrigade.runs.RowCounts;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.Job;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.Run;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.RunFacet;
import io.openlineage.client.OpenLineage.RunFacetsBuilder;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as OpenLineage has them. */
final class LineageEvents {
    static final OpenLineage OPEN_LINEAGE = new OpenLineage(URI.create("urn:bucket-brigade"));

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(ZonedDateTime.class, ToStringSerializer.instance))
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private final String namespace;

    /** @param namespace of the jobs */
    LineageEvents(String namespace) {
        this.namespace = namespace;
    }

    /**
     * A run.
     *
     * @param id what distinguishes it from all others
     * @param number its number in the ledger
     * @param rowCounts what became of its rows; null where that is not known
     * @param reason why it did not succeed, as a sentence; null if it did
     */
    Run run(UUID id, long number, @Nullable RowCounts rowCounts, @Nullable String reason) {
        RunFacetsBuilder facets = OPEN_LINEAGE.newRunFacetsBuilder();
        if (reason != null) {
            facets.errorMessage(OPEN_LINEAGE.newErrorMessageRunFacet(reason.replace("\0", "␀"), "Java", null));
        }
        RunFacet ours = OPEN_LINEAGE.newRunFacet();
        ours.getAdditionalProperties().put("run", number);
        if (rowCounts != null) {
            ours.getAdditionalProperties().put("rowsRead", rowCounts.rowsRead());
            ours.getAdditionalProperties().put("rowsCounted", rowCounts.rowsCounted());
            ours.getAdditionalProperties().put("rowsRejected", rowCounts.rowsRejected());
        }
        facets.put("bucketBrigade_run", ours);
        return OPEN_LINEAGE.newRun(id, facets.build());
    }

    /** What is run again and again. */
    Job job(String pipeline, String task) {
        return OPEN_LINEAGE.newJob(
                namespace,
                pipeline + "." + task,
                OPEN_LINEAGE
                        .newJobFacetsBuilder()
                        .jobType(OPEN_LINEAGE.newJobTypeJobFacet("BATCH", "BUCKET_BRIGADE", "PIPELINE"))
                        .build());
    }

    /** An event of now. */
    String json(EventType type, Run run, Job job, List<InputDataset> inputs, List<OutputDataset> outputs) {
        try {
            return JSON.writeValueAsString(
                    OPEN_LINEAGE.newRunEvent(ZonedDateTime.now(ZoneOffset.UTC), type, run, job, inputs, outputs));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
