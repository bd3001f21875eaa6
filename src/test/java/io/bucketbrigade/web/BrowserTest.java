package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.bucketbrigade.support.TestBrowser;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the page have in common: a real browser, in front of the real service. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrowserTest {
    static final Path SAMPLES = TestService.HOME.resolve("samples/leaderboard");
    static final String MESSAGES = "message_id,author_id,received_at,content\n";

    TestBrowser browser;
    TestService service;

    @BeforeAll
    void startBrowser() {
        browser = TestBrowser.start();
    }

    @AfterAll
    void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startService(@TempDir Path folder) throws Exception {
        service = new TestService(folder, environment());
    }

    /** Settings of the service. */
    Map<String, String> environment() {
        return Map.of();
    }

    @AfterEach
    void stopService() {
        browser.leave();
        service.close();
        assertThat(browser.complaints()).isEmpty();
    }

    Page open(String tab) {
        return browser.open(service.address("/" + tab));
    }

    Page open(String tab, int width, int height, ColorScheme scheme) {
        return browser.open(service.address("/" + tab), width, height, scheme);
    }

    void dropSamples() throws Exception {
        service.drop("users.csv", Files.readString(SAMPLES.resolve("users.csv")));
        service.drop("messages.csv", Files.readString(SAMPLES.resolve("messages.csv")));
    }

    static FilePayload file(String name, String text) {
        return new FilePayload(name, "text/csv", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Legacy mode can't look into frames of other origins; the page has none, and it takes a third of the time. */
    @SuppressWarnings("deprecation")
    static void assertNothingSerious(Page page, String where) {
        AxeRunOptions onlyViolations = new AxeRunOptions();
        onlyViolations.setResultTypes(List.of("violations"));
        assertThat(new AxeBuilder(page)
                        .options(onlyViolations).setLegacyMode(true).analyze().getViolations().stream()
                                .filter(rule -> Set.of("serious", "critical").contains(rule.getImpact()))
                                .map(rule -> where + ": " + rule.getHelp() + " "
                                        + rule.getNodes().get(0).getHtml()))
                .isEmpty();
    }
}
