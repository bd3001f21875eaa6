package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.util.Map;
import java.util.concurrent.Callable;

/** A command: gets the environment, gives an exit status. */
abstract class ServiceCommand implements Callable<Integer> {
    private Map<String, String> environment = Map.of();

    void use(Map<String, String> variables) {
        environment = variables;
    }

    /** The settings, with what the command sets itself. */
    Settings settings(Map<String, String> overrides) {
        Settings settings = Brigade.settings(environment, overrides);
        settings.warnings().forEach(warning -> System.err.println("Warning: " + warning));
        return settings;
    }

    /** A variable of the environment; blank if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
