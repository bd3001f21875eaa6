package io.bucketbrigade.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestCertificate;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service with a certificate, and callers who know it. */
@Tag("slow")
class TlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private Path certificateFile = Path.of("");
    private Path keyFile = Path.of("");
    private TestCertificate first;
    private TestCertificate second;
    private SSLContext both;

    @BeforeEach
    void make() throws Exception {
        certificateFile = folder.resolve("fullchain.pem");
        keyFile = folder.resolve("privkey.pem");
        first = TestCertificate.make(folder);
        second = TestCertificate.make(folder, "-keyalg", "RSA");
        both = TestCertificate.trusting(first, second);
        first.replace(certificateFile, keyFile);
    }

    private Map<String, String> named(Path certificate, Path key) {
        return new HashMap<>(Map.of("BRIGADE_TLS_CERT", certificate.toString(), "BRIGADE_TLS_KEY", key.toString()));
    }

    private HttpResponse<String> get(TestService service, String path) throws Exception {
        HttpClient client = HttpClient.newBuilder().sslContext(both).build();
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + service.port() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode health(TestService service) throws Exception {
        return new ObjectMapper().readTree(get(service, "/observe/health").body());
    }

    private SSLSocket connect(TestService service, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) both.getSocketFactory().createSocket("localhost", service.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        SSLParameters strict = socket.getSSLParameters();
        strict.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(strict);
        socket.startHandshake();
        return socket;
    }

    private Certificate served(TestService service) throws IOException {
        try (SSLSocket socket = connect(service)) {
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** No connection may fail meanwhile. */
    private void awaitServed(TestService service, TestCertificate wanted) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> served(service), wanted.certificate()::equals);
    }

    /** The first line of the answer to a request on a connection that stays open. */
    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /observe/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        Matcher length = Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE)
                .matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        in.readNBytes(Integer.parseInt(length.group(1)));
        return head.substring(0, head.indexOf("\r\n"));
    }

    @Test
    void https_is_answered_with_tls_1_2_and_1_3_and_nothing_in_clear() throws Exception {
        try (TestService service = new TestService(folder, named(certificateFile, keyFile))) {
            assertThat(get(service, "/runs").statusCode()).isEqualTo(200);
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                try (SSLSocket socket = connect(service, protocol)) {
                    assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                    assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
                }
            }
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                plain.setSoTimeout((int) PATIENCE.toMillis());
                plain.getOutputStream()
                        .write("GET /runs HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .doesNotContain("HTTP/1.1");
            }
        }
    }

    @Test
    void files_of_any_length_are_received_and_sent() throws Exception {
        try (TestService service = new TestService(folder, named(certificateFile, keyFile))) {
            String row = "1,1,2026-01-01T00:00:00Z,some text\n";
            String file = "message_id,author_id,received_at,content\n" + row.repeat(200_000);
            HttpClient client = HttpClient.newBuilder().sslContext(both).build();
            HttpResponse<String> put = client.send(
                    HttpRequest.newBuilder(
                                    URI.create("https://localhost:" + service.port() + "/raw/leaderboard/messages.csv"))
                            .PUT(BodyPublishers.ofString(file))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(put.statusCode()).as(put.body()).isBetween(200, 202);
            assertThat(service.raw().resolve("messages.csv")).hasContent(file);
        }
    }

    @Test
    void a_renewed_certificate_is_served_to_new_connections_while_an_old_one_goes_on() throws Exception {
        try (TestService service = new TestService(folder, named(certificateFile, keyFile));
                SSLSocket old = connect(service)) {
            assertThat(ask(old)).isEqualTo("HTTP/1.1 200 OK");
            assertThat(served(service)).isEqualTo(first.certificate());

            second.replace(certificateFile, keyFile);
            awaitServed(service, second);

            assertThat(ask(old)).isEqualTo("HTTP/1.1 200 OK");
            assertThat(old.getSession().getPeerCertificates()[0]).isEqualTo(first.certificate());
            try (SSLSocket older = connect(service, "TLSv1.2")) {
                assertThat(ask(older)).isEqualTo("HTTP/1.1 200 OK");
            }
            assertThat(health(service).path("status").asText()).isEqualTo("UP");
        }
    }

    @Test
    void a_broken_renewal_keeps_the_old_certificate_and_is_in_health_until_it_is_put_right() throws Exception {
        try (TestService service = new TestService(folder, named(certificateFile, keyFile))) {
            TestCertificate.replace(keyFile, second.key());
            awaitDegraded(
                    service, "BRIGADE_TLS_KEY names " + keyFile + ", which is not the key of the certificate in ");
            assertThat(health(service).toString())
                    .contains("Until then, connections get the certificate of CN=localhost");
            assertThat(served(service)).isEqualTo(first.certificate());

            TestCertificate.replace(certificateFile, second.pem().substring(0, 300));
            awaitDegraded(service, "which holds no certificate in PEM form");
            Files.delete(certificateFile);
            awaitDegraded(service, "which does not exist. Put the file there, or correct the setting.");
            TestCertificate expired =
                    TestCertificate.make(folder, "-keyalg", "EC", "-startdate", "-2d", "-validity", "1");
            expired.replace(certificateFile, keyFile);
            awaitDegraded(service, "whose certificate expired on ");
            assertThat(served(service)).isEqualTo(first.certificate());

            second.replace(certificateFile, keyFile);
            awaitServed(service, second);
            await().atMost(PATIENCE).until(() -> health(service).path("status").asText(), "UP"::equals);
        }
    }

    private void awaitDegraded(TestService service, String why) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode health = health(service);
            assertThat(health.path("status").asText()).isEqualTo("DEGRADED");
            assertThat(health.toString()).contains(why);
        });
    }

    /** Kubernetes writes a new folder beside the old one, and renames a link to it over the link that the files lead through. */
    @Test
    void a_link_that_leads_to_renewed_files_is_followed() throws Exception {
        Path mounted = Files.createDirectory(folder.resolve("secret"));
        version(mounted, "..1", first);
        Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..1"));
        Path certificate = Files.createSymbolicLink(mounted.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        Path key = Files.createSymbolicLink(mounted.resolve("tls.key"), Path.of("..data", "tls.key"));
        try (TestService service = new TestService(folder, named(certificate, key))) {
            assertThat(served(service)).isEqualTo(first.certificate());
            version(mounted, "..2", second);
            Path link = Files.createSymbolicLink(mounted.resolve("..data_tmp"), Path.of("..2"));
            Files.move(
                    link,
                    mounted.resolve("..data"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            awaitServed(service, second);
        }
    }

    private static void version(Path mounted, String name, TestCertificate content) throws IOException {
        Path version = Files.createDirectory(mounted.resolve(name));
        Files.writeString(version.resolve("tls.crt"), content.pem());
        Files.writeString(version.resolve("tls.key"), content.key());
    }

    @Test
    void commands_know_the_service_by_its_certificate() throws Exception {
        Map<String, String> variables = named(certificateFile, keyFile);
        try (TestService service = new TestService(folder, variables)) {
            variables.put("BRIGADE_DATA", folder.toString());
            variables.put("BRIGADE_HTTP_PORT", Integer.toString(service.port()));
            CommandResult run = CommandResult.of(variables, "run", "leaderboard", "--again", "--why", "a test");
            assertThat(run.out() + run.err()).contains("https://127.0.0.1:" + service.port());

            Path csv = TestService.HOME.resolve("samples/transactions/sales.csv");
            String stream = "https://localhost:" + service.port() + "/transactions";
            CommandResult sent = CommandResult.of(variables, "send", csv.toString(), stream);
            assertThat(sent.out() + sent.err()).contains("127 rows read = 127 accepted");

            Path other = Files.writeString(folder.resolve("other.pem"), second.pem());
            variables.put("BRIGADE_TLS_CERT", other.toString());
            CommandResult stranger = CommandResult.of(variables, "run", "leaderboard", "--again", "--why", "a test");
            assertThat(stranger.status()).isNotZero();
            assertThat(stranger.err()).contains("does not show the certificate that BRIGADE_TLS_CERT names");
            CommandResult notSent = CommandResult.of(variables, "send", csv.toString(), stream);
            assertThat(notSent.err())
                    .contains("The certificate that " + stream + " shows is not trusted here. Set BRIGADE_TLS_CERT");
        }
    }
}
