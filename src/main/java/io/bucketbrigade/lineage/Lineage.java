package io.bucketbrigade.lineage;

import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.RunListener;
import io.bucketbrigade.runs.RunReport;
import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes events about runs into the outbox, in the transaction that begins or ends the run; so there is an event if and only if the run did so, and
 * START comes first.
 */
public final class Lineage implements RunListener {
    private static final String INSERT = "INSERT INTO brigade.outbox (run_id, way, subject, body) VALUES (?, ?, ?, ?)";

    private final LineageEvents events;
    private final LineageDatasets datasets = new LineageDatasets();
    private final LineageTables tables;
    private final PipelineSettings settings;
    private final Supplier<Pipelines> pipelines;

    /** @param pipelines those there are, which are known later than this is made */
    public Lineage(Settings settings, Supplier<Pipelines> pipelines) {
        this.events = new LineageEvents(settings.text("openlineage.namespace"));
        this.tables = new LineageTables(settings.text("brigade.database.url").isEmpty());
        this.settings = new PipelineSettings(settings);
        this.pipelines = pipelines;
    }

    @Override
    public void begun(Connection connection, Run run) throws SQLException {
        write(
                connection,
                run.id(),
                EventType.START,
                events.run(tables.runId(connection, run.id()), run.id(), null, null),
                events.job(run.pipeline(), run.task()),
                inputs(run, null),
                List.of());
    }

    @Override
    public void ended(Connection connection, RunReport report) throws SQLException {
        Run run = report.run();
        // What has outputs is written when these are known.
        if (report.outcome() == Outcome.FAILURE && !report.isPartlyPublished()) {
            write(
                    connection,
                    run.id(),
                    EventType.FAIL,
                    events.run(tables.runId(connection, run.id()), run.id(), report.rowCounts(), report.reason()),
                    events.job(run.pipeline(), run.task()),
                    inputs(run, report.rowCounts()),
                    List.of());
        }
    }

    @Override
    public void published(Connection connection, Run run, RowCounts rowCounts, List<String> files, String withheld)
            throws SQLException {
        List<OutputDataset> outputs = new ArrayList<>();
        files.forEach(file -> outputs.add(datasets.outputFile(file)));
        outputs.addAll(tables.written(connection));
        write(
                connection,
                run.id(),
                withheld.isEmpty() ? EventType.COMPLETE : EventType.FAIL,
                events.run(
                        tables.runId(connection, run.id()), run.id(), rowCounts, withheld.isEmpty() ? null : withheld),
                events.job(run.pipeline(), run.task()),
                inputs(run, rowCounts),
                outputs);
    }

    @Override
    public void released(Connection connection, long run, String pipeline, String task, String reason)
            throws SQLException {
        write(
                connection,
                run,
                EventType.ABORT,
                events.run(tables.runId(connection, run), run, null, reason),
                events.job(pipeline, task),
                List.of(),
                List.of());
    }

    /** The files that the run claimed; and where it reads many that an index names, the folder or bucket that they are in. */
    private List<InputDataset> inputs(Run run, @Nullable RowCounts rowCounts) {
        Optional<InputFiles> declared = pipelines
                .get()
                .find(run.pipeline())
                .map(Pipeline::definition)
                .flatMap(definition -> Optional.ofNullable(definition.inputs()));
        List<InputDataset> inputs = new ArrayList<>();
        run.inputs().forEach(identity -> inputs.add(datasets.input(identity, declared)));
        if (rowCounts != null && !rowCounts.files().isEmpty() && declared.isPresent()) {
            inputs.add(datasets.inputFolder(settings.place(declared.get()), rowCounts));
        }
        return inputs;
    }

    private void write(
            Connection connection,
            long run,
            EventType type,
            io.openlineage.client.OpenLineage.Run about,
            io.openlineage.client.OpenLineage.Job job,
            List<InputDataset> inputs,
            List<OutputDataset> outputs)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, run);
            insert.setString(2, LineageEndpoint.CHANNEL);
            insert.setString(3, type.name());
            insert.setString(4, events.json(type, about, job, inputs, outputs));
            insert.executeUpdate();
        }
    }
}
