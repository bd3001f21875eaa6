package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.support.TestBrowser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The quality rules on the tab of the cases. */
class PageQualityTest extends BrowserTest {
    @Override
    Map<String, String> environment() {
        return Map.of("CITY_REQUESTS_QUIET", "100ms");
    }

    private void put(String state) throws Exception {
        Path raw = service.raw().resolve("../../city-requests/raw").normalize();
        Files.createDirectories(raw);
        Files.writeString(
                raw.resolve("2018.csv"), "case_enquiry_id,open_dt,case_status\n1,2018-03-01 15:18:12," + state + "\n");
    }

    @Test
    void broken_rules_come_first_with_trend_and_the_rows_that_break_them() throws Exception {
        Page page = open("#city-requests", 390, 844, ColorScheme.DARK);
        assertThat(page.locator("#city-rules")).hasText("Quality rulesNo run has evaluated rules yet.");

        put("Open");
        service.awaitRun("city-requests", 1, "succeeded");
        put("Lost");
        service.awaitRun("city-requests", 2, "failed");
        page = open("#city-requests");
        Locator first = page.locator("#city-rules > ul > li").first();
        assertThat(first).containsText("ColumnValues \"case_status\" in [\"Open\", \"Closed\"] with threshold > 0.95");
        assertThat(first).containsText("broken, not published");
        assertThat(first).containsText("silver, error: measured 0, expected more than 0.95 of the rows");
        assertThat(first.locator("svg[role=img]")).hasAttribute("aria-label", "2 runs, from 1 to 0, least 0, most 1");
        first.locator("summary").click();
        assertThat(first.locator("details table")).containsText("2018.csv");
        assertThat(page.locator("#city-rules > details > ul > li")).hasCount(9);
        assertThat(page.locator("#city-rules > .problem")).containsText("as run 1 left them");
        assertThat(page.locator("#city-rules > .problem"))
                .containsText("1 quality rule is broken: silver: ColumnValues");
        assertNothingSerious(page, "quality rules");
        TestBrowser.photograph(page, "quality-rules");
    }
}
