package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.support.TestBrowser;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageOrdersTest extends BrowserTest {
    private static final Path SAMPLES = TestService.HOME.resolve("samples/orders");
    private static final List<String> FILES =
            List.of("orders.csv", "reviews.csv", "shipment_deliveries.csv", "dim_products.csv");

    @Override
    Map<String, String> environment() {
        return Map.of(
                "ORDERS_QUIET", "300ms",
                "ORDERS_HOLIDAYS", "US",
                "ORDERS_RUNS_PER_DAY", "5",
                "ORDERS_REFERENCE_DATE", "2026-11-22");
    }

    private void drop(String name, String text) throws Exception {
        Path raw = service.raw().resolve("../../orders/raw").normalize();
        Files.createDirectories(raw);
        Files.writeString(raw.resolve(name), text);
    }

    private void dropSampleFiles() throws Exception {
        for (String file : FILES) {
            drop(file, Files.readString(SAMPLES.resolve(file)));
        }
    }

    @Test
    void holidays_shipments_and_the_best_product_are_shown_and_follow_the_next_run() throws Exception {
        Page page = open("#orders");
        assertThat(page.getByText("No results yet")).isVisible();
        for (int day = 1; day <= 20; day++) {
            service.execute("INSERT INTO analytics.agg_shipments VALUES ('" + LocalDate.of(2026, 11, day) + "', "
                    + (14 + day * 7 % 11) + ", " + (30 - day) + ")");
        }
        dropSampleFiles();
        assertThat(page.locator("#best-product .product")).hasText("Espresso machine");
        assertThat(page.locator("#best-product")).containsText("a public holiday");
        assertThat(page.locator("#best-product meter")).hasCount(5);
        assertThat(page.locator("#shipments .figure.late"))
                .hasText("20 shipped after six days or more, not delivered (−2)");
        assertThat(page.locator("#shipments polyline")).hasCount(2);
        assertThat(page.locator("#holiday-orders rect")).hasCount(12);
        assertThat(page.locator("#holiday-orders"))
                .containsText("56 orders on public holidays in the year before 2026-11-22");
        assertThat(page.locator("#orders-run"))
                .containsText("1 order has a total_price that is not unit_price × quantity");
        assertNothingSerious(page, "orders");
        TestBrowser.photograph(page, "orders");

        drop("reviews.csv", "review,product_id\n5,7\n");
        assertThat(page.locator("#best-product .product")).hasText("Wooden train");

        page.locator("header a[href='#runs']").click();
        Locator run = page.locator(".run", new Page.LocatorOptions().setHasText("orders, analyse"));
        assertThat(run.first()).containsText("orders.csv");
    }

    @Test
    void a_telephone_in_the_dark_shows_the_same() throws Exception {
        dropSampleFiles();
        Page page = open("#orders", 390, 844, ColorScheme.DARK);
        assertThat(page.locator("#best-product .product")).hasText("Espresso machine");
        assertThat(page.locator("#shipments")).containsText("A chart over time appears after the next day's run.");
        assertNothingSerious(page, "orders on a telephone");
        TestBrowser.photograph(page, "orders-telephone");
    }
}
