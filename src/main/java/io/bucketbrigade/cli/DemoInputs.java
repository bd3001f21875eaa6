package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Where the demo's files lie. */
interface DemoInputs {
    /** The samples, the one first whose time tells a run of them from others. */
    List<String> FILES = List.of("messages.csv", "users.csv");

    /** The settings that say so to the service. */
    Map<String, String> settings();

    /**
     * Puts the samples there.
     *
     * @return when messages.csv was last changed, as a run records it
     * @throws IOException if they can't be put there
     */
    Instant takeInSamples(Settings settings) throws IOException;

    /** How the user changes them, line by line. */
    List<String> howToChange(Settings settings);
}
