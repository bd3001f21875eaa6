package io.bucketbrigade.cli;

import java.nio.file.Path;
import java.util.Map;

/** The command send, for tests of other packages. */
public final class Sent {
    private Sent() {}

    /** Sends a file; the exit status says whether all of it was accepted. */
    public static int file(Path file, String address, Path folder) {
        return CommandResult.of(
                        Map.of("BRIGADE_DATA", folder.resolve("client").toString()),
                        "send",
                        file.toString(),
                        address,
                        "--rejected",
                        folder.resolve("rejected.csv").toString())
                .status();
    }
}
