package io.bucketbrigade;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/CONFIGURATION.md is made from the comments beside the settings; with -Dconfiguration=write it is written. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = TestService.HOME.resolve("docs/CONFIGURATION.md");
    private static final String FIRST = "\n## ";
    private static final String TABLE = "| Setting | Default | Meaning |\n|---|---|---|\n";
    private static final Pattern SECTION = Pattern.compile("# ---- (.+) ----");
    private static final Pattern SETTING = Pattern.compile("([a-z][a-z0-9.-]*)=(.*)");
    private static final Pattern CODE = Pattern.compile(
            "(?<![\\w/.])(s3://[^\\s)]+|https?://[^\\s,.]+\\S*\\w|postgresql://\\S+(?=,)|[0-9.]+%|[0-9]+(?:ms|s|m|h)\\b)");

    @Test
    void the_document_says_what_the_comments_say() throws IOException {
        String document = Files.readString(DOCUMENT);
        int generated = document.indexOf(FIRST);
        String byHand = generated < 0 ? document : document.substring(0, generated);
        String whole = byHand.stripTrailing() + "\n" + generated();
        if ("write".equals(System.getProperty("configuration"))) {
            Files.writeString(DOCUMENT, whole);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(whole);
    }

    private static String generated() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Pipeline pipeline :
                Pipelines.read(List.of(TestService.HOME.resolve("routes"))).all()) {
            text.append(FIRST).append("Pipeline ").append(pipeline.name()).append("\n\n");
            text.append(pipeline.definition().description()).append(".\n\n").append(TABLE);
            append(text, pipeline.folder().resolve(pipeline.name() + ".properties"));
        }
        append(text, TestService.HOME.resolve("src/main/resources/application.properties"));
        return text.toString();
    }

    private static void append(StringBuilder text, Path file) throws IOException {
        List<String> comment = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher section = SECTION.matcher(line);
            Matcher setting = SETTING.matcher(line);
            if (section.matches()) {
                if (section.group(1).equals("Camel")) {
                    return;
                }
                text.append(FIRST).append(section.group(1)).append("\n\n").append(TABLE);
            } else if (line.startsWith("#")) {
                comment.add(line.substring(1).strip());
            } else if (setting.matches() && !setting.group(1).startsWith("kind.")) {
                assertThat(comment).as("comment of " + setting.group(1)).isNotEmpty();
                text.append("| `")
                        .append(Settings.variable(setting.group(1)))
                        .append("` | ")
                        .append(shown(setting.group(2)))
                        .append(" | ")
                        .append(CODE.matcher(String.join(" ", comment)).replaceAll("`$1`"))
                        .append(" |\n");
                comment.clear();
            } else {
                comment.clear();
            }
        }
    }

    /** Settings that a default is made of are shown by their names. */
    private static String shown(String value) {
        if (value.isEmpty()) {
            return "none";
        }
        return "`"
                + Pattern.compile("\\{\\{([^}]+)}}")
                        .matcher(value)
                        .replaceAll(match -> Settings.variable(match.group(1)))
                + "`";
    }
}
