package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.registry.Definition;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Asks the running service to run its current inputs once more.",
            "It does so even if the inputs are not new and the day's runs are used up; --again needs --why. New inputs it runs by itself.",
            "Where files are fetched from elsewhere, it fetches what is new first, without --again, and exits with 1 if that fails.",
            "Where each file is a run of its own, those that were not loaded before are looked for and loaded, without --again."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade run stocks --again --why \"prices of acme were wrong\""})
final class RunCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline, such as stocks")
    private String pipeline = "";

    @Option(names = "--again", description = "Run the same inputs once more; needs --why")
    private boolean again;

    @Option(names = "--why", paramLabel = "TEXT", description = "The reason, which is kept with the run")
    private String why = "";

    @Option(
            names = "--forget-lost-tables",
            description =
                    "Forget tables of the pipeline's lake whose files are lost, so that the run makes them again from the inputs; these must be complete. Refused if no file is lost")
    private boolean forgetsLostTables;

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        Settings settings = settings(Map.of());
        Definition definition = definition(settings);
        boolean isEachFile = definition != null && definition.start().eachFile() != null;
        boolean isFetching = definition != null && definition.fetch() != null;
        boolean isAgain = again && !why.isBlank();
        if (definition == null && !isAgain) {
            throw wrongArguments("There is no pipeline '" + pipeline + "'. There are: "
                    + String.join(", ", settings.pipelines()) + ".");
        }
        if (!isEachFile && !isAgain && (again || !isFetching)) {
            throw wrongArguments(
                    "The service runs new inputs by itself. To run the same inputs once more, give a reason: brigade run "
                            + pipeline + " --again --why \"…\".");
        }
        if (forgetsLostTables && !isAgain) {
            throw wrongArguments("--forget-lost-tables needs --again --why \"…\".");
        }
        RunningService service = new RunningService(settings);
        String path = "/pipelines/"
                + URLEncoder.encode(pipeline, StandardCharsets.UTF_8).replace("+", "%20");
        boolean isFetched = !isFetching || new FetchedLines(service, out()).print(path + "/fetch");
        int status = isFetched ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        if (!isEachFile && !isAgain) {
            out().println("The service runs what is new by itself; see " + service.address() + "/#runs");
            return status;
        }
        JsonNode answer = service.post(
                path + "/again",
                Map.of("why", why.isBlank() ? "called by hand" : why, "forgetLostTables", forgetsLostTables));
        if (isEachFile) {
            out().println("The service looks for files of " + pipeline
                    + " that were not loaded before, and loads them; see " + service.address() + "/#runs");
            return status;
        }
        out().println(answer.path("pipeline").asText() + " will run again at the next check ("
                + answer.path("trigger").asText() + "); see " + service.address() + "/#runs");
        return status;
    }

    /** What the pipeline.yaml says; null if there is no such pipeline. */
    private @Nullable Definition definition(Settings settings) {
        return settings.pipelines().contains(pipeline)
                ? Pipelines.read(settings.routeFolders(), pipeline)
                        .get(pipeline)
                        .definition()
                : null;
    }
}
