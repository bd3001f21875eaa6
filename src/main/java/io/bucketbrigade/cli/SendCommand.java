package io.bucketbrigade.cli;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.sending.Sending;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import io.bucketbrigade.tls.TlsTrust;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "send",
        description = {
            "Sends the rows of a CSV file to a stream of a running service. Each row is stored once: if it is interrupted, call it again, and"
                    + " it goes on where it stopped.",
            "BRIGADE_API_KEY is sent along, if it is set."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade send sales.csv http://localhost:3000/transactions --rate 50"})
final class SendCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The CSV file, in UTF-8, Windows-1252 or ISO-8859-1")
    private String file = "";

    @Parameters(index = "1", paramLabel = "URL", description = "The address of the stream")
    private String address = "";

    @Option(
            names = "--rate",
            paramLabel = "ROWS",
            description =
                    "How many rows to send per second, to simulate a live source; as fast as possible if not given")
    private @Nullable Double rate;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long to wait for a service that is away or busy (default: ${DEFAULT-VALUE})")
    private String patience = "";

    @Option(
            names = "--rejected",
            paramLabel = "FILE",
            defaultValue = "",
            description = "The file for rows that can't be used; one in the data folder if not given")
    private String rejected = "";

    @Override
    public Integer call() throws Exception {
        LogLevels.onlyWarnings();
        if (rate != null && !(rate > 0)) {
            throw wrongArguments("--rate is " + rate + "; it must be more than 0.");
        }
        URI target;
        try {
            target = URI.create(address);
        } catch (IllegalArgumentException noAddress) {
            throw wrongArguments(address + " is not an address such as http://localhost:3000/NAME.");
        }
        if (target.getHost() == null
                || target.getPort() > 65_535
                || !String.valueOf(target.getScheme()).matches("https?")) {
            throw wrongArguments(address + " is not an address such as http://localhost:3000/NAME.");
        }
        if (target.getPath().length() <= 1) {
            throw wrongArguments(address + " names no stream; write " + target.resolve("/NAME") + " with its name.");
        }
        Settings settings = settings(Map.of());
        String key = settings.text("brigade.api.key");
        if (!key.matches("[ -~]*")) {
            throw new Problem(
                    Kind.USAGE,
                    "BRIGADE_API_KEY holds characters that no HTTP header can have. Use ASCII letters, digits and signs.");
        }
        Duration waiting = Values.duration("--patience", patience);
        if (waiting.compareTo(Duration.ofSeconds(1)) < 0) {
            throw wrongArguments("--patience is " + patience + "; it must be at least 1s.");
        }
        Sending sending = new Sending(
                FilePaths.of(file),
                target,
                TlsTrust.of(settings),
                key,
                rate == null ? 0 : rate,
                waiting,
                settings.path("brigade.data").resolve("sent"),
                rejected);
        return sending.send(out(), Ansi.AUTO.enabled()) ? 0 : 1;
    }
}
