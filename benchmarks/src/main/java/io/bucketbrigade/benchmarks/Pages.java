package io.bucketbrigade.benchmarks;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.Sizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The page in Chromium with a board of 100 000 authors, and uploads. */
final class Pages {
    private static final int AUTHORS = 100_000;
    private static final int VIEWS = 15;
    private static final int CHANGES = 15;
    private static final int UPLOADS = 5;
    private static final String FIRST_ROW = "#standings tbody tr";

    /** Does something to an element, and gives the milliseconds until the next picture after it is there. */
    private static final String UNTIL_DRAWN = """
            async ([selector, action, value]) => {
              const element = document.querySelector(selector);
              const start = performance.now();
              if (action === "click") element.click();
              else { element.value = value; element.dispatchEvent(new Event("input")); }
              await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
              return performance.now() - start;
            }""";

    /** Playwright waits for a condition by means that the page's policy forbids, rightly. */
    private static final Browser.NewContextOptions WATCHED = new Browser.NewContextOptions().setBypassCSP(true);

    private final Path home;
    private final Path data;

    Pages(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    void measure(Report report) throws Exception {
        Path folder = data.resolve("pages");
        Ours.remove(folder);
        report.section("The page, " + AUTHORS + " authors (Chromium on the same cores)", "What | median s | least s | most s");
        List<String> verdicts = new ArrayList<>();
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of(System.getenv().getOrDefault("BRIGADE_CHROMIUM", "/usr/bin/chromium")))
                                .setArgs(List.of("--no-sandbox", "--disable-gpu")));
                Service service = new Service(home, folder)) {
            service.arrive("users.csv", Serving.users(AUTHORS));
            service.arrive("messages.csv", messages(0));
            service.awaitBoard("\"user_id\":" + AUTHORS + ",");
            firstViews(report, verdicts, browser, service);
            atWork(report, verdicts, browser, service);
            new Uploads(data, service, browser).measure(report);
        }
        report.line("");
        report.table("Target | value | | |");
        verdicts.forEach(report::line);
    }

    /** Everybody has two messages, but the author of that number has ten more. */
    private static String messages(int change) {
        return Serving.messages(AUTHORS, 2) + ("9," + (change + 1) + ",2026-03-02T08:00:00Z,more\n").repeat(10 + change);
    }

    private static void firstViews(Report report, List<String> verdicts, Browser browser, Service service) {
        List<Double> seconds = new ArrayList<>();
        long weight = 0;
        int requests = 0;
        for (int view = -3; view < VIEWS; view++) {
            try (BrowserContext window = browser.newContext()) {
                Page page = window.newPage();
                List<Request> answered = new ArrayList<>();
                page.onRequestFinished(answered::add);
                long start = System.nanoTime();
                page.navigate(service.address("/"));
                page.waitForSelector(FIRST_ROW);
                if (view >= 0) {
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
                page.waitForSelector("#made a");
                requests = answered.size();
                weight = answered.stream().mapToLong(request -> bytes(request.sizes())).sum();
            }
        }
        report.line("| from the address to the first row of the board, nothing cached | %s |", new Figures(seconds).cells());
        verdicts.add("| first view on the wire, kB (%d answers, headers included) | %s |"
                .formatted(requests, Report.verdict(weight / 1000.0, 150)));
    }

    private static long bytes(Sizes sizes) {
        return sizes.responseBodySize + sizes.responseHeadersSize;
    }

    private static void atWork(Report report, List<String> verdicts, Browser browser, Service service) throws Exception {
        List<Double> wholes = new ArrayList<>();
        List<Double> searches = new ArrayList<>();
        List<Double> sorts = new ArrayList<>();
        List<Double> turns = new ArrayList<>();
        for (int window = 0; window < 5; window++) {
            try (BrowserContext context = browser.newContext(WATCHED)) {
                Page page = context.newPage();
                page.navigate(service.address("/"));
                page.waitForSelector(FIRST_ROW);
                long start = System.nanoTime();
                page.fill("#search", "First9");
                page.waitForFunction("document.querySelector('#matches').textContent.includes('found')");
                wholes.add((System.nanoTime() - start) / 1e9);
                for (String words : List.of("First99", "First999", "First9999", "last5", "77777", "nobody", "")) {
                    searches.add(drawn(page, "#search", "input", words));
                }
                for (int click = 0; click < 2; click++) {
                    for (int column = 1; column <= 5; column++) {
                        sorts.add(drawn(page, "#standings th:nth-child(" + column + ") button", "click", ""));
                    }
                }
                for (int turn = 0; turn < 4; turn++) {
                    turns.add(drawn(page, "[aria-label='Next page']", "click", ""));
                }
            }
        }
        List<Double> changes = new ArrayList<>();
        try (BrowserContext context = browser.newContext(WATCHED)) {
            Page page = context.newPage();
            page.navigate(service.address("/"));
            page.waitForSelector(FIRST_ROW);
            for (int change = 1; change <= CHANGES; change++) {
                service.arrive("messages.csv", messages(change));
                long start = System.nanoTime();
                page.waitForFunction("name => document.querySelector('.place-1 .who')?.textContent === name", "First" + (change + 1) + " Last" + (change + 1));
                changes.add((System.nanoTime() - start) / 1e9);
                TimeUnit.MILLISECONDS.sleep(37L * change % 500);
            }
        }
        report.line("| messages.csv (%d rows) moved into the raw folder until the open page shows it | %s |", 2 * AUTHORS, new Figures(changes).cells());
        report.line("| the first letter in the search, which fetches the whole board | %s |", new Figures(wholes).cells());
        report.line("| another letter in the search, until drawn | %s |", new Figures(searches).cells());
        report.line("| sorting by another column, until drawn | %s |", new Figures(sorts).cells());
        report.line("| turning to the next page, until drawn | %s |", new Figures(turns).cells());
        verdicts.add("| a change until the page shows it, median s | %s |".formatted(Report.verdict(new Figures(changes).median(), 1)));
    }

    private static double drawn(Page page, String selector, String action, String value) {
        return ((Number) page.evaluate(UNTIL_DRAWN, List.of(selector, action, value))).doubleValue() / 1000;
    }

    /** A file of 1 GB into the raw folder, beside curl to nginx. */
    private record Uploads(Path data, Service service, Browser browser) {

        void measure(Report report) throws Exception {
            Path gigabyte = Data.skewed(data, 1000, Long::toString, "skewed-1000").resolve("messages.csv");
            Path folder = Files.createDirectories(data.resolve("pages").resolve("nginx"));
            int port = Service.freePort();
            Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                    user %3$s; daemon off; pid %1$s/pid; error_log %1$s/error.log;
                    events {}
                    http {
                      access_log off; client_body_temp_path %1$s/temporary; client_max_body_size 0;
                      server { listen 127.0.0.1:%2$d; root %1$s; location / { dav_methods PUT; } }
                    }
                    """.formatted(folder, port, System.getProperty("user.name")));
            Process nginx = Processes.start(Map.of(), List.of("nginx", "-p", folder.toString(), "-c", configuration.toString()), folder.resolve("nginx.log"));
            try {
                Serving.awaitPort(port);
                String theirs = "http://127.0.0.1:" + port + "/messages.csv";
                Path written = folder.resolve("messages.csv");
                Map<String, Figures> figures = new Alternating()
                        .with("curl -T to nginx", UPLOADS, () -> curl(gigabyte, theirs))
                        .with("curl -T to nginx, then sync", UPLOADS, () -> {
                            curl(gigabyte, theirs);
                            Processes.print(List.of("sync", written.toString()));
                        })
                        .measuring("curl -T to ours, which syncs", UPLOADS, () -> settled(() -> curl(gigabyte, service.address("/raw/leaderboard/messages.csv"))))
                        .measuring("ours, by the page in Chromium", UPLOADS, () -> byPage(gigabyte))
                        .run(1);
                report.section("A file of " + Files.size(gigabyte) / 1_000_000 + " MB sent", "How | median s | least s | most s | MB/s");
                figures.forEach((name, took) -> report.line("| %s | %s | %.0f |", name, took.cells(), 1000 / took.median()));
            } finally {
                nginx.destroy();
                nginx.waitFor();
            }
        }

        private static void curl(Path file, String address) throws Exception {
            Processes.print(List.of("curl", "-sSf", "-H", "Content-Type: text/csv", "-T", file.toString(), address));
        }

        /** What it takes without the run that follows; that must be over before the next thing is measured. */
        private double settled(Alternating.Task upload) throws Exception {
            long start = System.nanoTime();
            upload.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            do {
                TimeUnit.MILLISECONDS.sleep(700);
            } while (service.read("/runs?state=running").contains("\"id\""));
            return seconds;
        }

        private double byPage(Path file) throws Exception {
            try (BrowserContext window = browser.newContext(WATCHED)) {
                Page page = window.newPage();
                page.navigate(service.address("/#upload"));
                page.setInputFiles("#files", file);
                page.waitForSelector("#send:not([hidden])");
                return settled(() -> {
                    page.click("#send");
                    page.waitForFunction("document.querySelector('#chosen progress').value === 1", null, new Page.WaitForFunctionOptions().setTimeout(120_000));
                });
            }
        }
    }
}
