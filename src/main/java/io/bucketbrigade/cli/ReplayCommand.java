package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.csv.Counted;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = {
            "Asks the running service to do a run again with the current inputs,",
            "or to try the rejected rows of a stream once more, when what made them fail is corrected.",
            "The exit status is 1 if a row is still rejected."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade replay 7", "  brigade replay transactions"})
final class ReplayCommand extends ServiceCommand {

    @Parameters(
            index = "0",
            paramLabel = "RUN|PIPELINE",
            description = "The run's number, as GET /runs and the page show it, or the pipeline with the stream")
    private String what = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        RunningService service = new RunningService(settings(Map.of()));
        if (what.matches("\\d{1,18}")) {
            JsonNode answer = service.post("/runs/" + what + "/replay", Map.of());
            out().println("Run " + what + " of " + answer.path("pipeline").asText()
                    + " will be done again at the next check; see " + service.address() + "/#runs");
            return 0;
        }
        if (!what.matches("[a-z][a-z0-9-]*")) {
            throw wrongArguments(what + " is neither a run's number nor a pipeline.");
        }
        JsonNode answer = service.post("/streams/" + what + "/replay", Map.of());
        long rejected = answer.path("rejected").asLong();
        out().println(Counted.of(answer.path("replayed").asLong(), "row") + " replayed, " + rejected + " still rejected"
                + (rejected == 0 ? "." : ":"));
        JsonNode rows = answer.path("rows");
        rows.forEach(row -> out().println("  row " + row.path("id").asText() + ": "
                + row.path("reason").asText()));
        if (rejected > rows.size()) {
            out().println("  and " + (rejected - rows.size()) + " more; GET /streams/" + what + "/rejected lists all.");
        }
        return rejected == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
