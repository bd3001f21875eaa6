package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = "Asks the running service to do a run again with the current inputs.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade replay 7"})
final class ReplayCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's number, as GET /runs and the page show it")
    private long run;

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        RunningService service = new RunningService(settings(Map.of()));
        JsonNode answer = service.post("/runs/" + run + "/replay", Map.of());
        out().println("Run " + run + " of " + answer.path("pipeline").asText()
                + " will be done again at the next check; see " + service.address() + "/#runs");
        return 0;
    }
}
