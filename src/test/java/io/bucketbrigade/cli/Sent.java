package io.bucketbrigade.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command send, with its data in a folder and, unless an option names another file, the rejected rows in {@code rejected.csv} there. */
public final class Sent {
    private Sent() {}

    /** Sends a file; the exit status says whether all of it was accepted. */
    public static int file(Path file, String address, Path folder) {
        return result(file, address, folder).status();
    }

    static CommandResult result(Path file, String address, Path folder, String... options) {
        List<String> arguments = new ArrayList<>(List.of("send", file.toString(), address));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--rejected")) {
            arguments.addAll(
                    List.of("--rejected", folder.resolve("rejected.csv").toString()));
        }
        return CommandResult.of(
                Map.of("BRIGADE_DATA", folder.resolve("client").toString()), arguments.toArray(String[]::new));
    }
}
