package io.bucketbrigade.pipelines.leaderboard;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast ranking and its plain twin in a few lines of Camel agree, but for what camel-csv can't read. */
@Tag("slow")
class LeaderboardTwinTest extends CamelTestSupport {
    private static final Path SAMPLES = TestService.HOME.resolve("samples/leaderboard");

    /** The samples where the twin gives something else, with the reason. */
    private static final Map<String, String> DIFFERENT = Map.ofEntries(
            entry("authors-that-stand-for-missing-values", "NULL and its like are ids to the twin"),
            entry("blanks-around-ids", "one id has a blank in Windows-1252, which is not UTF-8"),
            entry("columns-in-another-order-and-case", "camel-csv finds columns by their exact names"),
            entry("error-empty-file", "a missing header is not an error to camel-csv"),
            entry("error-nobody-known-ids-as-decimals", "the twin ranks authors without names"),
            entry("error-nobody-known-ids-as-text-of-spreadsheets", "the twin ranks authors without names"),
            entry("error-nobody-known-no-ids-alike", "the twin ranks authors without names"),
            entry("error-too-many-rejected", "the twin has no limits"),
            entry("error-too-many-unknown", "the twin has no limits"),
            entry("error-two-columns-of-one-name", "camel-csv takes the last of them"),
            entry("error-xlsx", "without a row, camel-csv asks for no column"),
            entry("header-names-with-blanks-and-dots", "camel-csv finds columns by their exact names"),
            entry("header-repeated", "a second header is a row to camel-csv"),
            entry("lines-of-blanks-and-separators", "users.csv has another separator"),
            entry("lines-of-no-break-blanks-and-of-empty-quotes", "camel-csv loses the columns of short rows"),
            entry("pipe-separated", "camel-csv reads one separator"),
            entry("quote-that-never-closes", "one bad quote fails the file"),
            entry("semicolon-separated", "camel-csv reads one separator"),
            entry("separator-line-of-excel", "sep=; is a header to camel-csv"),
            entry("short-rows-and-long-rows", "camel-csv loses the columns of short rows"),
            entry("tab-separated", "camel-csv reads one separator"),
            entry("text-after-a-closing-quote", "one bad quote fails the file"),
            entry("windows-1252-authors", "the twin reads UTF-8 only"),
            entry("windows-1252-names", "the twin reads UTF-8 only"));

    @TempDir
    private Path folder = Path.of("");

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getPropertiesComponent()
                .addInitialProperty("twin.raw", folder.resolve("raw").toString());
        context.getPropertiesComponent()
                .addInitialProperty("twin.result", folder.resolve("result").toString());
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("classpath:twin/leaderboard-twin.camel.yaml"));
        return context;
    }

    @ParameterizedTest
    @MethodSource("io.bucketbrigade.pipelines.leaderboard.SamplesTest#samples")
    void twin_ranks_each_sample_as_the_product_does(String sample) throws IOException {
        drop(sample, "messages.csv");
        drop(sample, "users.csv");
        Path raw = folder.resolve("raw");
        Path result = folder.resolve("result/pipeline_result.csv");
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Files.exists(result) || Files.exists(raw.resolve("failed/users.csv")));
        String found = content(result);
        String expected = content(SAMPLES.resolve(sample).resolve("pipeline_result.expected.csv"));
        String reason = DIFFERENT.get(sample);
        if (reason == null) {
            assertThat(found)
                    .as("What the plain twin gives for a sample that is not listed as different")
                    .isEqualTo(expected);
        } else {
            assertThat(found)
                    .as("This sample is listed as different (" + reason + "), but is not; take it off the list")
                    .isNotEqualTo(expected);
        }
    }

    @Test
    void only_samples_are_listed_as_different() throws IOException {
        assertThat(SamplesTest.samples()).containsAll(DIFFERENT.keySet());
    }

    private void drop(String sample, String name) throws IOException {
        Path copy = folder.resolve(name);
        Files.copy(SAMPLES.resolve(sample).resolve(name), copy);
        Files.createDirectories(folder.resolve("raw"));
        Files.move(copy, folder.resolve("raw").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String content(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "no result";
    }
}
