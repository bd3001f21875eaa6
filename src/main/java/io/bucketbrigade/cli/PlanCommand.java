package io.bucketbrigade.cli;

import io.bucketbrigade.planning.Plan;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.starting.OneShot;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Shows what a run would do with the current inputs. Writes nothing.",
            "It shows which files exist and which are missing, their first rows, how many rows would count, and what would change.",
            "The exit status is 1 if a run would fail, and 0 if it would succeed or waits for inputs."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade plan leaderboard"})
final class PlanCommand extends ServiceCommand {
    private static final String ROUTE = "plan";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PIPELINE",
            description = "The pipeline; by default all of them")
    private String pipeline = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        SettingsCheck.require(settings, List.of());
        List<Pipeline> known =
                Pipelines.read(settings.routeFolders(), settings.pipelines().contains(pipeline) ? pipeline : "")
                        .all()
                        .stream()
                        .filter(one -> one.definition().plan() != null)
                        .toList();
        if (pipeline.isEmpty()) {
            int status = 0;
            for (Pipeline one : known) {
                status = Math.max(status, printOrSayWhyNot(settings, one));
            }
            return status;
        }
        Pipeline wanted = known.stream()
                .filter(one -> one.name().equals(pipeline))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Kind.USAGE,
                        settings.pipelines().contains(pipeline)
                                ? "There is no plan for '" + pipeline
                                        + "': its pipeline.yaml names no route that reads the inputs without writing anything (plan)."
                                : "There is no plan for '" + pipeline + "', nor a pipeline. There are plans for: "
                                        + known.stream().map(Pipeline::name).collect(Collectors.joining(", ")) + "."));
        return print(plan(settings, wanted));
    }

    /** What is wrong with one pipeline keeps nobody from seeing the plans of the others. */
    private int printOrSayWhyNot(Settings settings, Pipeline one) {
        try {
            return print(plan(settings, one));
        } catch (Exception e) {
            out().flush();
            err().println(one.name() + ": " + Problems.of(e).sentence());
            err().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int print(Plan plan) {
        out().println(plan);
        return plan.isFailing() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private static Plan plan(Settings settings, Pipeline pipeline) throws Exception {
        OneShot.requireRoute(settings, pipeline);
        String route = String.valueOf(pipeline.definition().plan());
        List<String> places =
                settings.keysOf(pipeline.name()).stream().map(settings::text).toList();
        try (OneShot camel = new OneShot(settings, pipeline.name(), List.of(ROUTE, route), places, null)) {
            return (Plan) camel.call("direct:" + ROUTE, pipeline.name(), Map.of());
        }
    }
}
