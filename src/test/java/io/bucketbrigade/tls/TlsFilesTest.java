package io.bucketbrigade.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.notifications.NotificationSettings;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestCertificate;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsFilesTest {
    private TestCertificate own;
    private TestCertificate other;
    private Path folder = Path.of("");

    @BeforeAll
    void make(@TempDir Path temporary) throws Exception {
        folder = temporary;
        own = TestCertificate.make(folder);
        other = TestCertificate.make(folder, "-keyalg", "RSA");
    }

    private TlsIdentity read(String certificate, String key) throws Exception {
        Path certificateFile = Files.writeString(folder.resolve("fullchain.pem"), certificate);
        Path keyFile = Files.writeString(folder.resolve("privkey.pem"), key);
        return read(Map.of("BRIGADE_TLS_CERT", certificateFile.toString(), "BRIGADE_TLS_KEY", keyFile.toString()));
    }

    private TlsIdentity read(Map<String, String> variables) {
        return TlsFiles.of(SettingsLoader.load(TestService.HOME, folder, variables, Map.of()))
                .orElseThrow()
                .identity();
    }

    private void refused(String certificate, String key, String why) {
        assertThatThrownBy(() -> read(certificate, key))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(why)
                .hasMessageMatching("BRIGADE_TLS_(CERT|KEY) names /\\S+, .*\\.");
    }

    @Test
    void a_certificate_and_its_key_are_accepted_whatever_is_around_them() throws Exception {
        assertThat(read(own.pem(), own.key()).described()).contains("CN=localhost, valid until 2");
        assertThat(read(other.pem(), other.key()).end())
                .isEqualTo(other.certificate().getNotAfter().toInstant());
        String all = "Bag Attributes\n" + own.key() + "subject=CN = localhost\n" + own.pem();
        assertThat(read(all, all).described()).contains("CN=localhost");
        assertThat(read(own.pem().replace("\n", "\r\n"), own.key().replace("\n", "\r\n"))
                        .described())
                .contains("CN=localhost");
    }

    @Test
    void files_that_can_not_be_used_are_refused_with_what_to_do() throws Exception {
        refused(own.pem(), other.key(), "not the key of the certificate in " + folder.resolve("fullchain.pem"));
        refused(other.pem(), own.key(), "Put the certificate and the key there that were made together.");
        refused("", own.key(), "holds no certificate in PEM form");
        refused(own.key(), own.key(), "holds no certificate in PEM form");
        refused(own.pem(), own.pem(), "holds no private key in PEM form");
        refused(own.pem(), own.key() + other.key(), "holds more than one private key");
        refused(own.pem(), own.key().replaceAll("(?<=KEY-----\n)M.*", "AAAA"), "holds a key that can't be read");
        refused(
                own.pem().replaceAll("(?<=ATE-----\n)M.*", "AAAA"),
                own.key(),
                "holds a certificate that can't be read");
        refused(
                own.pem(),
                own.key().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
                "is encrypted. Write it without a passphrase: openssl pkey -in ");
        TestCertificate expired = TestCertificate.make(folder, "-keyalg", "EC", "-startdate", "-2d", "-validity", "1");
        refused(expired.pem(), expired.key(), "expired on 2");
        TestCertificate early = TestCertificate.make(folder, "-keyalg", "EC", "-startdate", "+2d");
        refused(early.pem(), early.key(), "is valid only from 2");
        TestCertificate stranger =
                TestCertificate.make(folder, "-keyalg", "EC", "-dname", "CN=stranger", "-alias", "own");
        refused(own.pem() + stranger.pem(), own.key(), "whose certificates are not in order");
        refused(
                own.pem() + stranger.pem().substring(0, stranger.pem().length() / 2),
                own.key(),
                "holds a certificate without its end. Copy the file again.");
    }

    @Test
    void one_setting_without_the_other_is_refused() {
        assertThatThrownBy(() -> read(Map.of("BRIGADE_TLS_CERT", "/x")))
                .hasMessage(
                        "BRIGADE_TLS_CERT is set, but BRIGADE_TLS_KEY is not. Set both to serve HTTPS, or neither to"
                                + " serve HTTP.");
        assertThatThrownBy(() -> read(Map.of("BRIGADE_TLS_KEY", "/x")))
                .hasMessageStartingWith("BRIGADE_TLS_KEY is set");
    }

    @Test
    void the_default_link_in_notifications_is_one_that_is_answered() {
        assertThat(link(Map.of("BRIGADE_HTTP_PORT", "8080"))).isEqualTo("http://localhost:8080");
        assertThat(link(Map.of("BRIGADE_HTTP_PORT", "8443", "BRIGADE_TLS_CERT", "/x")))
                .isEqualTo("https://localhost:8443");
        assertThat(link(Map.of("BRIGADE_NOTIFY_LINK", "http://page.example", "BRIGADE_TLS_CERT", "/x")))
                .isEqualTo("http://page.example");
    }

    private String link(Map<String, String> variables) {
        return NotificationSettings.of(SettingsLoader.load(TestService.HOME, folder, variables, Map.of()))
                .link();
    }

    @Test
    void a_start_says_it_in_one_line_and_doctor_too() {
        Map<String, String> variables = Map.of(
                "BRIGADE_DATA",
                folder.toString(),
                "BRIGADE_HTTP_PORT",
                Integer.toString(TestService.freePort()),
                "BRIGADE_TLS_CERT",
                folder + "/none.pem",
                "BRIGADE_TLS_KEY",
                folder + "/none.key");
        String sentence = "BRIGADE_TLS_CERT names " + folder
                + "/none.pem, which does not exist. Put the file there, or correct the setting.";
        CommandResult up = CommandResult.of(variables, "up");
        assertThat(up.status()).isNotZero();
        assertThat(up.err().strip()).endsWith(sentence).hasLineCount(1);
        assertThat(CommandResult.of(variables, "doctor").out()).contains("failed   HTTP: " + sentence);
    }
}
