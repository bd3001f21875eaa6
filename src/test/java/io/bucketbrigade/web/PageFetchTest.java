package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bucketbrigade.pipelines.cityrequests.MadeCases;
import io.bucketbrigade.support.TestBrowser;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that are fetched from a web server while somebody looks on. */
class PageFetchTest extends BrowserTest {
    private static final byte[] CASES = MadeCases.csv(MadeCases.of(2000, 1)).getBytes(StandardCharsets.UTF_8);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch halfIsEnough = new CountDownLatch(1);
    private HttpServer site;

    @BeforeAll
    void startSite() throws IOException {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.setExecutor(threads);
        site.createContext("/2018.csv", this::slowly);
        site.createContext("/2019.csv", PageFetchTest::refuse);
        site.start();
    }

    @AfterAll
    void stopSite() {
        halfIsEnough.countDown();
        site.stop(0);
        threads.shutdownNow();
    }

    private void slowly(HttpExchange exchange) throws IOException {
        if ("\"1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        exchange.sendResponseHeaders(200, CASES.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(CASES, 0, CASES.length / 2);
            out.flush();
            halfIsEnough.await();
            out.write(CASES, CASES.length / 2, CASES.length - CASES.length / 2);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
    }

    @Override
    Map<String, String> environment() {
        String address = "http://127.0.0.1:" + site.getAddress().getPort();
        return Map.of(
                "CITY_REQUESTS_QUIET",
                "300ms",
                "BRIGADE_API_KEY",
                "s3cret",
                "BRIGADE_FETCH_PRIVATE",
                "true",
                "CITY_REQUESTS_SOURCES",
                address + "/2018.csv," + address + "/2019.csv");
    }

    @Test
    void who_has_no_files_yet_fetches_them_sees_how_far_they_are_and_then_the_cases() throws Exception {
        Page page = open("#city-requests");
        AtomicInteger asked = new AtomicInteger();
        page.onRequest(request -> {
            if (request.url().endsWith("/pipelines/city-requests/fetch")) {
                asked.incrementAndGet();
            }
        });
        Locator button = page.getByText("Fetch the sources", new Page.GetByTextOptions().setExact(true));
        button.click();
        assertThat(page.locator("#city-fetch-first .problem")).containsText("This call needs the key");
        page.getByLabel("Key (BRIGADE_API_KEY)").fill("s3cret");
        page.getByLabel("Key (BRIGADE_API_KEY)").press("Enter");
        // The browser writes the refused call to its console.
        browser.complaints();
        button.click();
        Locator arriving = page.locator("[data-source='2018.csv']");
        assertThat(arriving).containsText(Pattern.compile("is being fetched · [\\d.]+ kB of [\\d.]+ kB"));
        assertThat(arriving.locator("progress")).isVisible();
        assertThat(page.locator("[data-source='2019.csv']")).containsText("failed");
        assertThat(page.locator("[data-source='2019.csv'] .problem"))
                .hasText("127.0.0.1 answered 404 Not Found. Correct the address.");
        assertThat(button).isDisabled();
        assertNothingSerious(page, "fetching");
        TestBrowser.photograph(page, "fetching");

        halfIsEnough.countDown();
        assertThat(arriving).containsText(Pattern.compile("fetched · [\\d.]+ kB of [\\d.]+ kB · [\\d.]+ [kM]B/s"));
        assertThat(page.getByText("1 of 2 files could not be fetched.")).isVisible();
        assertThat(button).isEnabled();
        int before = asked.get();
        service.awaitRun("city-requests", 1, "succeeded");
        assertThat(page.locator("[data-figure=cases] b")).hasText("2,000");
        page.waitForTimeout(1500);
        assertThat(asked.get()).as("nothing is being fetched, so nobody asks").isEqualTo(before);

        assertThat(page.locator("#city-fetch").getByText("Fetch the sources")).isVisible();
        button.click();
        assertThat(arriving).containsText("has not changed");
        assertNothingSerious(page, "sources");
    }
}
