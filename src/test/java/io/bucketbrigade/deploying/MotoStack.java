package io.bucketbrigade.deploying;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stacks in moto, which imitates AWS. */
final class MotoStack {
    private MotoStack() {}

    /** Whether moto is there. */
    static boolean isPossible() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import boto3, moto")
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    /** What exists when a stack of a template was created. */
    static JsonNode created(Path template, String... values) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "src/test/moto/create.py", template.toString()));
        command.addAll(List.of(values));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(TestService.HOME.toFile())
                    .redirectError(Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
            return CloudTemplate.json(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
