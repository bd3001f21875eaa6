package io.bucketbrigade.cli;

import io.bucketbrigade.settings.Settings;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command: gets the environment, gives an exit status. */
abstract class ServiceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Map<String, String> environment = Map.of();

    private PrintWriter out = new PrintWriter(Writer.nullWriter());
    private PrintWriter err = new PrintWriter(Writer.nullWriter());

    void use(Map<String, String> variables, PrintWriter standardOut, PrintWriter standardErr) {
        environment = variables;
        out = standardOut;
        err = standardErr;
    }

    /** Where the command prints what people asked for. */
    PrintWriter out() {
        return out;
    }

    /** Where the command says what is wrong. */
    PrintWriter err() {
        return err;
    }

    /** Says that something may not be as it is meant. */
    void warn(String warning) {
        if (JsonLog.isOn()) {
            JsonLog.LOG.warn(warning);
        } else {
            err.println("Warning: " + warning);
        }
    }

    /** What to throw if the arguments are wrong in themselves, as picocli does for those that it checks. */
    ParameterException wrongArguments(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /** The settings, with what the command sets itself. */
    Settings settings(Map<String, String> overrides) {
        Settings settings = Brigade.settings(environment, overrides);
        if (settings.text("brigade.log").equals(JsonLog.FORMAT)) {
            JsonLog.begin();
        }
        settings.warnings().forEach(this::warn);
        return settings;
    }

    /** The environment's variables. */
    Map<String, String> environment() {
        return environment;
    }

    /** A variable of the environment; blank if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
