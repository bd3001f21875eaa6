package io.bucketbrigade.cli;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.BrigadeService;
import io.bucketbrigade.starting.StreamRebuild;
import io.bucketbrigade.streams.Rebuild.GivenUp;
import io.bucketbrigade.streams.Rebuild.Restored;
import io.bucketbrigade.streams.Streams;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rebuild",
        description = {
            "Fills the tables of a stream again, from its archive alone. If it is interrupted, call it again with --empty.",
            "Files for bulk import are loaded again when the service starts. If files that were loaded are no longer in their folder or bucket, nothing is done but to name them.",
            "It starts the service for as long as that takes, so stop the one that is running, if it uses the embedded database or this port."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade rebuild transactions"})
final class RebuildCommand extends ServiceCommand {
    private static final long LINE_EVERY_SECONDS = 5;

    @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline with the stream")
    private String pipeline = "";

    @Option(names = "--empty", description = "Empty the tables first; by default they must be empty")
    private boolean empty;

    @Option(
            names = "--without-files",
            description =
                    "Give up the rows of files that were loaded and are no longer there: no archive has them, so they are lost")
    private boolean withoutFiles;

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        StopSignal stop = new StopSignal();
        Settings settings = settings(Map.of());
        Restored restored = StreamRebuild.restore(settings, pipeline, new GivenUp(empty, withoutFiles));
        out().println(String.format(Locale.ROOT, "%,d rows of the archive are in the log.", restored.rows()));
        try (BrigadeService service = new BrigadeService(settings, pipeline)) {
            service.start();
            Streams streams = service.context().getRegistry().lookupByNameAndType("streams", Streams.class);
            long behind = streams.behind(pipeline);
            for (long waited = 0; behind > 0 && !stop.hasCome(); waited++) {
                if (waited % LINE_EVERY_SECONDS == 0) {
                    out().println(String.format(Locale.ROOT, "%,d rows are not in the tables yet …", behind));
                }
                TimeUnit.SECONDS.sleep(1);
                behind = streams.behind(pipeline);
            }
            if (behind > 0) {
                throw new Problem(
                        Kind.TRANSIENT,
                        "Stopped before all rows were in the tables. The service goes on with them when it is started, but loads no file"
                                + " before another ./brigade rebuild " + pipeline + " --empty has ended.");
            }
            streams.endRebuild(pipeline);
            out().println("All rows of the archive are in the tables.");
            restored.files().forEach(out()::println);
        }
        return 0;
    }
}
