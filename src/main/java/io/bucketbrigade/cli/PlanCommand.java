package io.bucketbrigade.cli;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.PlanText;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.starting.OneShot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Says what a run would do with the inputs as they are. Writes nothing.",
            "What is there and what is missing, the first rows, how many rows would count, and what would change.",
            "The exit status is 1 if a run would fail, and 0 if it would succeed or waits for inputs."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade plan leaderboard"})
final class PlanCommand extends ServiceCommand {
    private static final String ROUTES = "routes";
    private static final Pattern REFERENCE = Pattern.compile("(?:direct:|routeConfigurationId: )([a-z0-9-]+)");

    @Parameters(index = "0", arity = "0..1", paramLabel = "PIPELINE", description = "Which one; all, if none is given")
    private String pipeline = "";

    @Override
    public Integer call() throws Exception {
        Logging.onlyWarnings();
        Settings settings = settings(Map.of());
        SettingsCheck.require(settings, List.of());
        List<String> known = pipelines(settings.home());
        if (!pipeline.isEmpty() && !known.contains(pipeline)) {
            throw new Problem(
                    Kind.USAGE, "There is no plan for '" + pipeline + "', but for: " + String.join(", ", known) + ".");
        }
        if (!pipeline.isEmpty()) {
            return print(plan(settings, pipeline));
        }
        int status = 0;
        for (String one : known) {
            status = Math.max(status, printOrSayWhyNot(settings, one));
        }
        return status;
    }

    /** What is wrong with one pipeline keeps nobody from seeing the plans of the others. */
    private int printOrSayWhyNot(Settings settings, String one) {
        try {
            return print(plan(settings, one));
        } catch (Exception e) {
            out().flush();
            err().println(one + ": " + Problems.of(e).sentence());
            err().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int print(Object plan) {
        out().println(plan);
        boolean failing = plan instanceof PlanText text && text.isFailing();
        return failing ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    /** Those that have a route for it. */
    private static List<String> pipelines(Path home) throws IOException {
        try (Stream<Path> folders = Files.list(home.resolve(ROUTES))) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name ->
                            Files.exists(home.resolve(ROUTES).resolve(name).resolve(name + "-plan.camel.yaml")))
                    .sorted()
                    .toList();
        }
    }

    private static Object plan(Settings settings, String pipeline) throws Exception {
        List<String> routes = List.copyOf(needed(settings.home().resolve(ROUTES), pipeline));
        List<String> places = settings.properties().stringPropertyNames().stream()
                .filter(key -> key.startsWith(pipeline + "."))
                .map(settings::text)
                .toList();
        try (OneShot camel = new OneShot(settings, OneShot.withBuckets(routes, places.toArray(String[]::new)), null)) {
            return camel.call("direct:" + pipeline + "-plan", "", Map.of());
        }
    }

    /** The route for it and those that it leads to, which are files of their name; and the pipeline's parts. */
    private static Set<String> needed(Path routes, String pipeline) throws IOException {
        Set<String> needed = new LinkedHashSet<>();
        Deque<String> names = new ArrayDeque<>(List.of(pipeline + "-parts", pipeline + "-plan"));
        while (!names.isEmpty()) {
            String file = names.pop() + ".camel.yaml";
            for (String folder : List.of(pipeline, "shared")) {
                Path route = routes.resolve(folder).resolve(file);
                if (Files.exists(route) && needed.add(folder + "/" + file)) {
                    REFERENCE
                            .matcher(Files.readString(route))
                            .results()
                            .map(reference -> reference.group(1))
                            .forEach(names::add);
                }
            }
        }
        return needed;
    }
}
