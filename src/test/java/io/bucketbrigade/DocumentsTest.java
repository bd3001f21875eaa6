package io.bucketbrigade;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents name only what is there. */
class DocumentsTest {
    private static final Path HOME = TestService.HOME;
    private static final Pattern PATH = Pattern.compile("`((?:[a-z.][A-Za-z0-9._-]*/)+[A-Za-z0-9._-]*)`");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

    @ParameterizedTest
    @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md"})
    void every_path_in_the_document_exists(String document) throws IOException {
        Matcher path = PATH.matcher(Files.readString(HOME.resolve(document)));
        int found = 0;
        while (path.find()) {
            found++;
            assertThat(HOME.resolve(path.group(1))).as(path.group(1)).exists();
        }
        assertThat(found).isPositive();
    }

    @Test
    void every_link_between_documents_leads_somewhere() throws IOException {
        try (Stream<Path> beside = Files.list(HOME);
                Stream<Path> docs = Files.walk(HOME.resolve("docs"));
                Stream<Path> deploy = Files.walk(HOME.resolve("deploy"))) {
            for (Path document : Stream.of(beside, docs, deploy)
                    .flatMap(Function.identity())
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()) {
                Matcher link = LINK.matcher(Files.readString(document));
                while (link.find()) {
                    assertThat(document.resolveSibling(link.group(1)))
                            .as(link.group(1) + " in " + document)
                            .exists();
                }
            }
        }
    }
}
