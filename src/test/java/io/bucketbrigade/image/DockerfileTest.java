package io.bucketbrigade.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DockerfileTest {
    /** What a Dockerfile copies from the folder it is in. */
    private static List<String> copied() throws IOException {
        List<String> copied = new ArrayList<>();
        for (String line : Files.readAllLines(TestService.HOME.resolve("Dockerfile"))) {
            List<String> words = List.of(line.split("\\s+"));
            if (words.get(0).equals("COPY") && !words.get(1).startsWith("--from")) {
                copied.addAll(words.subList(1, words.size() - 1));
            }
        }
        return copied;
    }

    @Test
    void all_that_the_image_is_made_from_exists_and_reaches_its_builder() throws IOException {
        List<String> sent = Files.readAllLines(TestService.HOME.resolve(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        assertThat(copied()).isNotEmpty().allSatisfy(source -> {
            assertThat(TestService.HOME.resolve(source)).exists();
            assertThat(sent).anyMatch(name -> (name + "/").startsWith(source + "/"));
        });
    }
}
