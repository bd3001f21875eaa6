package io.bucketbrigade.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Chromium: the one that BRIGADE_CHROMIUM names, or Debian's. Where there is none, tests that need it are skipped. */
public final class TestBrowser implements AutoCloseable {
    private static final String SCREENSHOTS = System.getProperty("screenshots", "");

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();

    private TestBrowser(Path chromium) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    /** Starts it, or skips the test. */
    public static TestBrowser start() {
        Optional<Path> chromium = Stream.of(
                        System.getenv().getOrDefault("BRIGADE_CHROMIUM", ""),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser")
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                chromium.isPresent(),
                "SKIPPED: no Chromium; apt-get install chromium, or name one in BRIGADE_CHROMIUM");
        return new TestBrowser(chromium.orElseThrow());
    }

    /** A new window on an address, that remembers what the browser complains about. */
    public Page open(String address, Browser.NewContextOptions options) {
        BrowserContext window = browser.newContext(options);
        Page page = window.newPage();
        page.onConsoleMessage(message -> {
            // Asking for what isn't there yet, or without the key, is not a fault, but Chromium reports it as one.
            if (message.type().equals("error") && !message.text().matches(".*status of 40[34].*")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.navigate(address);
        return page;
    }

    /** What was complained about since the last time: faults in scripts, violations of the policy, dialogs. */
    public List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    /** Keeps what the page looks like in the folder that the property screenshots names; does nothing where none is named. */
    public static void photograph(Page page, String name) {
        if (!SCREENSHOTS.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(SCREENSHOTS, name + ".png"))
                    .setFullPage(true));
        }
    }

    /** Closes all windows. */
    public void closeWindows() {
        List.copyOf(browser.contexts()).forEach(BrowserContext::close);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
