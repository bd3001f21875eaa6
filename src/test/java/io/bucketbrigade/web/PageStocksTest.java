package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.support.TestBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PageStocksTest extends BrowserTest {
    private static final String HEADER = "Date,Open,High,Low,Close,Volume\n";

    private void source(String name, String text) throws IOException {
        Path file = service.raw().resolve("../../stocks/source").normalize().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String days(int count, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder(HEADER);
        LocalDate day = LocalDate.of(2024, 1, 1);
        int price = 10_000;
        for (int row = 0; row < count; row++) {
            int close = Math.max(100, price + random.nextInt(401) - 195);
            text.append(day.plusDays(row)).append(',').append(price / 100.0).append(',');
            text.append((Math.max(price, close) + 60) / 100.0)
                    .append(',')
                    .append((Math.min(price, close) - 60) / 100.0);
            text.append(',')
                    .append(close / 100.0)
                    .append(',')
                    .append(random.nextInt(1_000_000))
                    .append('\n');
            price = close;
        }
        return text.toString();
    }

    @Test
    void companies_their_prices_and_what_was_skipped_are_shown_and_follow_the_next_run() throws Exception {
        Page page = open("#stocks");
        assertThat(page.getByText("No prices yet")).isVisible();
        source(
                "CompanyNames/top_companies.txt",
                "'acme.us.csv', 'globex.us.csv', 'initech.us.csv', 'umbra.us.csv', 'gone.us.csv'");
        source("Stocks/acme.us.csv", days(800, 1));
        source("Stocks/globex.us.csv", days(90, 2));
        source("Stocks/initech.us.csv", days(400, 3));
        source("Stocks/umbra.us.csv", HEADER + "2024-01-01,1,2,1,2,10\n");
        source(".SUCCESS", "");
        assertThat(page.locator("#companies tbody tr")).hasCount(4);
        assertThat(page.locator("#stocks-run")).containsText("1 file of 5 skipped");
        assertThat(page.locator("#stocks-run li")).hasText("gone.us.csv: it is missing");
        assertThat(page.locator("#chart h2")).hasText("acme.us");
        assertThat(page.locator("#chart polyline.closes")).hasCount(1);
        page.locator("#chart").getByText("3 months").click();
        assertThat(page.locator("#chart g")).hasCount(93);
        assertNothingSerious(page, "stocks");
        TestBrowser.photograph(page, "stocks");

        page.getByLabel("Company").fill("glob");
        assertThat(page.locator("#companies tbody tr")).hasCount(1);
        page.locator("#companies button").click();
        assertThat(page.locator("#chart h2")).hasText("globex.us");
        assertThat(page.locator("#chart g")).hasCount(90);

        page.locator("header a[href='#runs']").click();
        Locator run = page.locator(".run", new Page.LocatorOptions().setHasText("stocks, collate"));
        run.locator("summary", new Locator.LocatorOptions().setHasText("Files"))
                .first()
                .click();
        assertThat(run).containsText("4 accepted, 1 skipped");
    }

    @Test
    void companies_whose_names_need_escapes_are_shown_and_downloaded() throws Exception {
        List<String> names = List.of("BRK B", "EURUSD=X", "^GSPC", "café.us");
        source(
                "CompanyNames/top_companies.txt",
                names.stream().map(name -> "'" + name + ".csv'").collect(Collectors.joining(", ")));
        for (String name : names) {
            source("Stocks/" + name + ".csv", days(60, 1));
        }
        source(".SUCCESS", "");
        Page page = open("#stocks");
        for (String name : names) {
            page.locator("#companies button", new Page.LocatorOptions().setHasText(name))
                    .click();
            assertThat(page.locator("#chart h2")).hasText(name);
            assertThat(page.locator("#chart g")).hasCount(60);
            Download file = page.waitForDownload(
                    () -> page.locator("#chart").getByText("Download CSV").click());
            org.assertj.core.api.Assertions.assertThat(Files.readAllLines(file.path()))
                    .hasSize(61)
                    .last()
                    .asString()
                    .endsWith("," + name);
        }
    }

    @Test
    void a_telephone_in_the_dark_shows_the_same() throws Exception {
        source("CompanyNames/top_companies.txt", "'acme.us.csv'");
        source("Stocks/acme.us.csv", days(60, 1));
        source(".SUCCESS", "");
        Page page = open("#stocks", 390, 844, ColorScheme.DARK);
        assertThat(page.locator("#chart g")).hasCount(60);
        assertNothingSerious(page, "stocks on a telephone");
        TestBrowser.photograph(page, "stocks-telephone");
    }
}
