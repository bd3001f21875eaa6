package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS that redirects, to itself and to one without. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SafeRedirectsTest {
    private static final String PASSWORD = "of-this-test";

    private final AtomicInteger unsafe = new AtomicInteger();
    private HttpsServer safeSite;
    private HttpServer unsafeSite;
    private WebClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        SSLContext tls = tls(folder);
        unsafeSite = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        unsafeSite.createContext("/", exchange -> {
            unsafe.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        unsafeSite.start();
        safeSite = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        safeSite.setHttpsConfigurator(new HttpsConfigurator(tls));
        redirect("/there", url("http", unsafeSite) + "/a.csv?token=secret");
        redirect("/here", "/a.csv");
        safeSite.createContext("/a.csv", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write(new byte[] {'a', '\n', '1', '\n'});
            exchange.close();
        });
        safeSite.start();
        client = new WebClient(FetchTest.limits(), new DefaultClientTlsStrategy(tls));
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        safeSite.stop(0);
        unsafeSite.stop(0);
    }

    private static SSLContext tls(Path folder) throws Exception {
        Path file = folder.resolve("keys.p12");
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "site",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("site", keys.getCertificate("site"));
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return tls;
    }

    private void redirect(String path, String target) {
        safeSite.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Location", target);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    private static String url(String scheme, HttpServer site) {
        return scheme + "://127.0.0.1:" + site.getAddress().getPort();
    }

    private String fetch(String path) throws IOException {
        return client.execute(
                new HttpGet(url("https", safeSite) + path),
                HttpClientContext.create(),
                answer -> EntityUtils.toString(answer.getEntity()));
    }

    @Test
    void a_redirect_from_a_safe_connection_to_one_that_is_not_is_refused() {
        assertThatThrownBy(() -> fetch("/there"))
                .isInstanceOf(Problem.class)
                .hasMessage("the server redirects to " + url("http", unsafeSite)
                        + "/a.csv?…, where anybody between could change the file. Correct the address.");
        assertThat(unsafe).hasValue(0);
    }

    @Test
    void one_to_a_safe_connection_is_followed() throws Exception {
        assertThat(fetch("/here")).isEqualTo("a\n1\n");
    }

    @Test
    void a_server_that_nobody_vouches_for_is_not_trusted() throws Exception {
        try (WebClient strict = new WebClient(FetchTest.limits())) {
            HttpGet request = new HttpGet(url("https", safeSite) + "/a.csv");
            assertThatThrownBy(() -> strict.execute(request, HttpClientContext.create(), answer -> answer.getCode()))
                    .isInstanceOf(IOException.class);
        }
    }
}
