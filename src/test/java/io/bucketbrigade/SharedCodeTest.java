package io.bucketbrigade;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shared code knows no pipeline: a new one is a folder, and changes nothing else. */
class SharedCodeTest {
    private static final Path HOME = TestService.HOME;
    private static final Path JAVA = HOME.resolve("src/main/java/io/bucketbrigade");

    /** Names that are words of their own; only a setting, a path, a route or a file of that name means the pipeline. */
    private static final Set<String> COMMON_WORDS = Set.of("orders", "stocks");

    /**
     * Those that may: commands that are about the leaderboard and are known by that (aggregate, feed, merge), the function of that name, what measures and rehearses with its
     * samples, and migrations, which are never changed.
     */
    private static final Set<String> EXEMPT = Set.of(
            "cli/AggregateCommand.java",
            "cli/FeedCommand.java",
            "cli/MergeCommand.java",
            "cli/RehearseCommand.java",
            "lambda/AggregateFunction.java",
            "lambda/Rehearsal.java",
            "cli/DemoCommand.java",
            "cli/DemoBuckets.java",
            "cli/DemoFolder.java",
            "cli/DemoInputs.java");

    private static List<Path> sharedFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : List.of(JAVA, HOME.resolve("src/main/resources"), HOME.resolve("routes/shared"))) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(Files::isRegularFile)
                        .filter(file -> !file.startsWith(JAVA.resolve("pipelines")))
                        .filter(file -> !HOME.relativize(file).toString().contains("/migrations/"))
                        .filter(file -> !EXEMPT.contains(JAVA.relativize(file).toString()))
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** The names of the pipelines, of their files, and of what they call so in settings, paths and routes. */
    private static Pattern names() {
        Stream<String> names = Pipelines.read(List.of(HOME.resolve("routes"))).all().stream()
                .flatMap(pipeline -> Stream.concat(
                        Stream.of(
                                COMMON_WORDS.contains(pipeline.name())
                                        ? "[\"'/:]" + pipeline.name() + "[\"'/]|\\b" + pipeline.name() + "[-.][a-z]"
                                        : "\\b" + pipeline.name() + "\\b"),
                        files(pipeline)));
        return Pattern.compile(names.collect(Collectors.joining("|")));
    }

    private static Stream<String> files(Pipeline pipeline) {
        InputFiles inputs = pipeline.definition().inputs();
        return inputs == null
                ? Stream.of()
                : inputs.files().stream().map(InputFile::title).map(Pattern::quote);
    }

    /** Javadoc and usage examples may show a name. */
    private static String withoutExamples(String line) {
        return line.strip().startsWith("*") || line.strip().startsWith("/**") || line.contains("footer = {")
                ? ""
                : line;
    }

    @Test
    void no_pipeline_and_none_of_their_files_is_named() throws IOException {
        Pattern names = names();
        List<String> found = new ArrayList<>();
        for (Path file : sharedFiles()) {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                Matcher name = names.matcher(withoutExamples(line));
                if (name.find()) {
                    found.add(HOME.relativize(file) + ":" + number + " says " + name.group());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void what_is_exempt_exists_and_names_one() throws IOException {
        Pattern names = names();
        for (String exempt : EXEMPT) {
            String text = Files.readString(JAVA.resolve(exempt));
            assertThat(names.matcher(text).find()).as(exempt).isTrue();
        }
        assertThat(sharedFiles()).hasSizeGreaterThan(100);
    }
}
