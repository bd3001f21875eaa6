package io.bucketbrigade.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.release.ReleaseTools.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ManualPagesIT {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void write() throws Exception {
        assertThat(ReleaseTools.manualPages(folder.resolve("log.txt"), folder)).isEqualTo(new Ended(0, ""));
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(folder.resolve("man1"))) {
            return pages.sorted().toList();
        }
    }

    private static Ended groff(Path page, String... options) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed");
        List<String> command = Stream.of(Stream.of("groff", "-man"), Stream.of(options), Stream.of(page.toString()))
                .flatMap(part -> part)
                .toList();
        return ReleaseTools.run(folder.resolve("groff.txt"), command);
    }

    @Test
    void each_command_has_a_page_and_the_first_names_them_all() throws Exception {
        assertThat(pages())
                .extracting(page -> page.getFileName().toString())
                .contains("brigade.1", "brigade-up.1", "brigade-aggregate.1", "brigade-completion.1")
                .doesNotContain("brigade-rehearse.1");
        String all = Files.readString(folder.resolve("man1/brigade.1"));
        for (Path page : pages()) {
            String name = page.getFileName().toString().replace("brigade-", "").replaceFirst("\\.1$", "");
            assertThat(all).contains("\\fB" + name);
        }
    }

    @Test
    void groff_has_no_warning_for_any_page() throws Exception {
        for (Path page : pages()) {
            assertThat(groff(page, "-ww", "-z")).as(page.toString()).isEqualTo(new Ended(0, ""));
        }
    }

    @Test
    void a_page_shows_what_the_help_says() throws Exception {
        assertThat(groff(folder.resolve("man1/brigade-up.1"), "-Tascii", "-P-cbou")
                        .output())
                .contains("brigade-up - Starts the service", "brigade up [-hV] [--dev] [--verbose]", "--dev")
                .contains("BRIGADE_HTTP_PORT=8080 brigade up\n", "Bucket Brigade 1.2.3", "brigade(1)");
        assertThat(groff(folder.resolve("man1/brigade-send.1"), "-Tascii", "-P-cbou")
                        .output())
                .contains("brigade send sales.csv http://localhost:3000/transactions --rate 50\n")
                .contains("FILE", "URL");
    }
}
