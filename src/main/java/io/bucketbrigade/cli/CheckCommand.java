package io.bucketbrigade.cli;

import io.bucketbrigade.checking.Fault;
import io.bucketbrigade.checking.RoutesCheck.Outcome;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.RoutesInspection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Says what is wrong in routes, pipeline.yaml and openapi.yaml files, with file, line and a suggestion.",
            "Starts nothing, and needs neither database nor network. Exit status 1 if something must be fixed."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade check ~/pipelines/tides"})
final class CheckCommand extends ServiceCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description =
                    "A pipeline's folder, or a folder with several pipelines. By default: all routes of ./brigade up.")
    private @Nullable String folder;

    @Override
    public Integer call() {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        Outcome outcome = folder == null ? RoutesInspection.ofAll(settings) : check(FilePaths.of(folder), settings);
        outcome.faults().forEach(fault -> out().println(fault.sentence()));
        if (outcome.faults().isEmpty()) {
            out().println(Counted.of(outcome.pipelines(), "pipeline") + ", " + Counted.of(outcome.routes(), "route")
                    + ": no problems found.");
        }
        if (folder == null) {
            unchecked(settings, FilePaths.of(NewCommand.ROOT)).ifPresent(out()::println);
        }
        return outcome.errors().isEmpty() ? 0 : 1;
    }

    /** What to say of the folder that new writes to, if it has pipelines of which the settings know nothing. */
    static Optional<String> unchecked(Settings settings, Path pipelines) {
        String shown = FilePaths.shown(pipelines);
        return settings.routeFolders().size() > 1
                        || Pipelines.folders(pipelines).isEmpty()
                ? Optional.empty()
                : Optional.of(shown + " is not checked, because BRIGADE_ROUTES does not name it: BRIGADE_ROUTES="
                        + shown + " ./brigade check");
    }

    private Outcome check(Path path, Settings settings) {
        if (!Files.isDirectory(path)) {
            throw new Problem(
                    Kind.USAGE, path + " is not a folder. Name a folder with a pipeline.yaml, or one above it.");
        }
        boolean isKnown = settings.routeFolders().stream().anyMatch(path::startsWith);
        if (!isKnown) {
            return RoutesInspection.ofFurtherRoutes(with(path));
        }
        Outcome all = RoutesInspection.ofAll(settings);
        List<Fault> faults = all.faults().stream()
                .filter(fault -> fault.file().startsWith(path))
                .toList();
        return new Outcome(faults, all.pipelines(), all.routes(), all.files());
    }

    /** The settings, those in a folder among them, as if it were the one with further routes. */
    private Settings with(Path routes) {
        Map<String, String> variables = new HashMap<>(environment());
        variables.put("BRIGADE_ROUTES", routes.toString());
        return Brigade.settings(variables, Map.of());
    }
}
