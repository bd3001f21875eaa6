package io.bucketbrigade.cli;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.BrigadeService;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Starts the service, which watches inputs and serves the API and the page until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  BRIGADE_HTTP_PORT=8080 brigade up", "  BRIGADE_ROUTES=pipelines brigade up --dev"})
final class UpCommand extends ServiceCommand {
    @Option(
            names = "--dev",
            description =
                    "Apply changed routes and SQL without a restart; if the new ones are broken, keep the old ones.")
    private boolean dev;

    @Override
    public Integer call() throws Exception {
        StopSignal stop = new StopSignal();
        Settings settings = settings(Map.of());
        if (!FilePaths.limits().isEmpty()) {
            warn(FilePaths.limits());
        }
        try (BrigadeService service = new BrigadeService(settings)) {
            service.start();
            out().println("Bucket Brigade is up.");
            out().println("  Page      " + service.address());
            out().println("  Database  " + service.databaseAddress());
            service.pipelines().all().stream().map(UpCommand::describe).forEach(out()::println);
            out().println("Ctrl-C stops it.");
            if (dev) {
                service.reloadChanges();
            }
            service.warnOfLacks();
            stop.await();
            out().println("Stopping…");
        }
        out().println("Stopped.");
        return 0;
    }

    private static String describe(Pipeline pipeline) {
        return "  Pipeline  " + pipeline.name() + ": " + pipeline.definition().description();
    }
}
