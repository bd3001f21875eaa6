package io.bucketbrigade.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = {
            "Prints a script with which a shell completes commands, options and file names of brigade.",
            "Load it in ~/.bashrc, or in ~/.zshrc after compinit."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  eval \"$(brigade completion bash)\""})
final class CompletionCommand extends ServiceCommand {

    /** The shells that can load it. */
    enum Shell {
        bash,
        zsh
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "Your shell: ${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        out().println("# Completion for " + shell + ", printed by: brigade completion " + shell);
        // One script for both: picocli's turns on what zsh needs to load those of bash.
        out().print(AutoComplete.bash("brigade", Brigade.allCommands()));
        out().flush();
        return 0;
    }
}
