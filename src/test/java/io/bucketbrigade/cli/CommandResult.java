package io.bucketbrigade.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a command printed and how it ended. */
public record CommandResult(int status, String out, String err) {

    public static CommandResult of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Brigade.run(environment, new PrintWriter(out), new PrintWriter(err), arguments);
        return new CommandResult(status, out.toString(), err.toString());
    }
}
