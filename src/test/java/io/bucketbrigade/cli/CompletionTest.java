package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real bash proposes after Tab. */
class CompletionTest {
    private static final String ASK = """
            source "$1" && shift
            complete -p brigade | grep -q -- "-F _complete_brigade " || exit 3
            COMP_WORDS=(brigade "$@") COMP_CWORD=$# COMPREPLY=()
            _complete_brigade brigade "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    private Path folder = Path.of("");

    private List<String> proposed(String... words) throws Exception {
        Path bash = Path.of("/bin/bash");
        Assumptions.assumeTrue(Files.isExecutable(bash), "bash is not installed");
        Path script = folder.resolve("completion.bash");
        CommandResult printed = CommandResult.of(Map.of(), "completion", "bash");
        assertThat(printed.status()).isZero();
        Files.writeString(script, printed.out());
        List<String> command =
                new ArrayList<>(List.of(bash.toString(), "--norc", "-c", ASK, "bash", script.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(answer).isZero();
        return answer.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void commands_are_completed() throws Exception {
        assertThat(proposed("re")).containsExactlyInAnyOrder("replay", "rebuild", "restore");
        assertThat(proposed(""))
                .contains("up", "demo", "aggregate", "completion")
                .doesNotContain("rehearse");
    }

    @Test
    void options_of_a_command_are_completed() throws Exception {
        assertThat(proposed("up", "--d")).containsExactly("--dev");
        assertThat(proposed("send", "--")).contains("--rate", "--help", "--verbose");
    }

    @Test
    void the_values_of_an_argument_are_completed() throws Exception {
        assertThat(proposed("completion", "")).contains("bash", "zsh");
    }

    @Test
    void another_shell_is_refused_with_those_there_are() {
        CommandResult refused = CommandResult.of(Map.of(), "completion", "tcsh");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("tcsh", "bash", "zsh");
    }
}
