package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Where the files are that the user of the demo is shown how to change. */
interface DemoInputs {
    /** The samples, the one first whose time distinguishes a run of them from others. */
    List<String> FILES = List.of("messages.csv", "users.csv");

    /** The settings that say so to the service. */
    Map<String, String> settings();

    /**
     * Puts the samples there, if they are not there yet.
     *
     * @return when messages.csv was last changed, as a run records it
     * @throws IOException if they can't be put there
     */
    Instant putSamples(Settings settings) throws IOException;

    /** How the user changes them, line by line. */
    List<String> howToChange(Settings settings);
}
