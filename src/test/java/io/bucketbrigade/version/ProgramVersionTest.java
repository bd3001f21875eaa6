package io.bucketbrigade.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ProgramVersionTest {
    private static final String COMMIT = "135cf26d0a4f4e3b8f00aa11bb22cc33dd44ee55";

    private static ProgramVersion of(String revision, String modified) {
        Properties written = new Properties();
        written.setProperty("version", "1.2.3");
        written.setProperty("revision", revision);
        written.setProperty("modified", modified);
        return ProgramVersion.of(written, "25.0.3+9-LTS");
    }

    @Test
    void the_version_is_that_of_the_pom() throws Exception {
        ProgramVersion current = ProgramVersion.current();
        assertThat(Files.readString(TestService.HOME.resolve("pom.xml")))
                .contains("<artifactId>bucket-brigade</artifactId>\n  <version>" + current.version() + "</version>");
        assertThat(current.revision()).matches("[0-9a-f]{40}(-dirty)?|unknown");
        assertThat(current.java()).isEqualTo(Runtime.version().toString());
    }

    @Test
    void a_line_for_people_has_the_short_commit() {
        assertThat(of(COMMIT, "false").line())
                .isEqualTo("Bucket Brigade 1.2.3 (revision 135cf26d0a4f, Java 25.0.3+9-LTS)");
        assertThat(of(COMMIT, "false").revision()).isEqualTo(COMMIT);
    }

    @Test
    void changed_sources_are_not_passed_off_as_the_commit() {
        assertThat(of(COMMIT, "true").revision()).isEqualTo(COMMIT + "-dirty");
        assertThat(of(COMMIT, "true").line()).contains("135cf26d0a4f-dirty");
    }

    @Test
    void sources_without_history_are_of_an_unknown_revision() {
        assertThat(of("unknown", "false").revision()).isEqualTo("unknown");
        assertThat(of("${git.commit.id}", "${git.dirty}").line()).contains("(revision unknown, ");
    }
}
