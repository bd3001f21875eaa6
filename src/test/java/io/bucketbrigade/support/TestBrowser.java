package io.bucketbrigade.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.impl.driver.Driver;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Chromium: the one that BRIGADE_CHROMIUM names, or Debian's, without the browser's own windows if that is installed. Where there is
 * none, tests that need it are skipped. One window shows one page after the other: a new one costs as much as all that a test does in it, and
 * what a page keeps is kept by address, which each service has of its own.
 */
public final class TestBrowser implements AutoCloseable {
    private static final String SCREENSHOTS = System.getProperty("screenshots", "");

    private static final Map<String, String> NO_DOWNLOAD = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");

    private final Playwright playwright;
    private final Browser browser;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private TestBrowser(Path chromium) {
        Path driver = OncePerBuild.made("playwright", TestService.HOME.resolve("pom.xml"), TestBrowser::unpackDriver);
        System.setProperty("playwright.cli.dir", driver.toString());
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(NO_DOWNLOAD));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
        page = browser.newPage(new Browser.NewPageOptions().setReducedMotion(ReducedMotion.REDUCE));
        page.onConsoleMessage(message -> {
            // Asking for what isn't there yet or can't be asked, or without the key, is not a fault, but Chromium
            // reports it as one.
            if (message.type().equals("error") && !message.text().matches(".*status of 40[034].*")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
    }

    private static void unpackDriver(Path place) throws IOException {
        FolderCopy.copy(Driver.ensureDriverInstalled(NO_DOWNLOAD, false).driverDir(), place);
    }

    /** Starts it, or skips the test. */
    public static TestBrowser start() {
        Optional<Path> chromium = Stream.of(
                        System.getenv().getOrDefault("BRIGADE_CHROMIUM", ""),
                        "/usr/bin/chromium-headless-shell",
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser")
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                chromium.isPresent(),
                "SKIPPED: no Chromium; apt-get install chromium-headless-shell, or name one in BRIGADE_CHROMIUM");
        return new TestBrowser(chromium.orElseThrow());
    }

    /** The window, as large as a desktop's and light, on an address; it remembers what the browser complains about. */
    public Page open(String address) {
        return open(address, 1280, 900, ColorScheme.LIGHT);
    }

    /** The window of another size, in pixels, and in another colour scheme, on an address. */
    public Page open(String address, int width, int height, ColorScheme scheme) {
        page.setViewportSize(width, height);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        // From another part of the same page, it would not be loaded again.
        leave();
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

    /** Leaves the page, so that it asks its service nothing any more. */
    public void leave() {
        page.unrouteAll();
        page.navigate("about:blank");
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
