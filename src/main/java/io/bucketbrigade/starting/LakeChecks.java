package io.bucketbrigade.starting;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.lake.LakePlaces;
import io.bucketbrigade.lake.LostTables;
import io.bucketbrigade.lake.LostTables.State;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Checks whether the files of lakes are there that the database names. */
final class LakeChecks {
    private final Settings settings;
    private final Set<String> wrong;
    private final Locations locations;

    /** @param wrong the settings that can't be used; a lake whose place depends on one is not checked */
    LakeChecks(Settings settings, Set<String> wrong, Locations locations) {
        this.settings = settings;
        this.wrong = wrong;
        this.locations = locations;
    }

    /**
     * What is wrong with tables, and how many have no fault.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if a lake can't be listed
     */
    List<Finding> findings(DatabaseAddress address) throws SQLException, IOException {
        Pipelines pipelines = Pipelines.read(settings.routeFolders());
        List<Finding> findings = new ArrayList<>();
        try (Database database = Database.connect(address)) {
            LostTables tables = new LostTables(
                    new LakePlaces(() -> pipelines, new PipelineSettings(settings), locations), database.pool());
            for (Pipeline pipeline : pipelines.all()) {
                String result = pipeline.definition().result();
                if (result != null && !settings.dependsOn(result, wrong)) {
                    findings.addAll(of(pipeline.name(), tables.check(pipeline.name())));
                }
            }
        }
        return findings;
    }

    private static List<Finding> of(String pipeline, List<State> states) {
        List<Finding> findings = new ArrayList<>();
        for (State state : states) {
            if (state.problem() != null) {
                findings.add(Finding.failed(
                        state.problem().sentence(),
                        "Its metadata: " + Objects.toString(state.metadata(), "none") + ", the lake: " + state.lake()));
            }
        }
        int whole = states.size() - findings.size();
        if (whole > 0) {
            findings.add(Finding.ok("The lake of " + pipeline + " has all files of " + Counted.of(whole, "table")));
        }
        return findings;
    }
}
