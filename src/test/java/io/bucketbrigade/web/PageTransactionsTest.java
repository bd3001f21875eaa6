package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.cli.Sent;
import io.bucketbrigade.support.TestBrowser;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTransactionsTest extends BrowserTest {
    private static final Path SALES = TestService.HOME.resolve("samples/transactions/sales.csv");

    @TempDir
    private Path client = Path.of("");

    private void send() {
        Assertions.assertEquals(0, Sent.file(SALES, service.address("/transactions"), client));
    }

    @Test
    void sales_appear_as_they_arrive_and_invoices_and_customers_are_found() {
        Page page = open("#transactions");
        assertThat(page.getByText("No sales yet")).isVisible();
        assertNothingSerious(page, "transactions, empty");
        TestBrowser.photograph(page, "transactions-empty");

        page.getByText("Play the sample").click();
        assertThat(page.locator("#sample-progress")).containsText("of 3,000 rows");
        assertThat(page.locator("#sales-hours")).containsText("Sales by hour, 2011-11-25");
        page.locator("#sample-stop").click();
        assertThat(page.locator("#sample-stop")).hasText("Go on");
        int played = (int)
                page.evaluate("Number(document.querySelector('#sample-progress').textContent.match(/: (\\d+) of/)[1])");
        Assertions.assertTrue(played > 0 && played % 10 == 0, played + " rows were played");

        send();
        assertThat(page.locator("[data-figure=stored]")).hasText(127 + played + " rows stored");
        assertThat(page.locator("#stream-readers")).containsText("warehouse: up to date");
        assertThat(page.locator("#sales-latest tbody tr")).hasCount(10);
        assertThat(page.locator("#sales-latest tbody tr").first()).containsText("539000");
        assertThat(page.locator("#sales-hours")).containsText("2012-02-29");

        page.locator("#sales-number").fill("C581484");
        page.keyboard().press("Enter");
        assertThat(page.locator("#sales-found")).containsText("Invoice C581484");
        assertThat(page.locator("#sales-found tbody tr")).hasCount(1);
        page.locator("#sales-found").getByText("16446").click();
        assertThat(page.locator("#sales-found")).containsText("Customer 16446");
        page.locator("#sales-found").getByText("581483").first().click();
        assertThat(page.locator("#sales-found")).containsText("168,469.60");

        page.locator("#sales-number").fill("nobody");
        page.getByText("Find").click();
        assertThat(page.locator("#sales-found .problem")).hasText("There is neither an invoice nor a customer nobody.");
        assertNothingSerious(page, "transactions");
        TestBrowser.photograph(page, "transactions");

        assertThat(page.locator("#sales-hours")).containsText("net of cancellations and adjustments.");

        Page telephone = open("#transactions", 390, 844, ColorScheme.DARK);
        assertThat(telephone.locator("#sales-latest tbody tr")).hasCount(10);
        assertNothingSerious(telephone, "transactions on a telephone in the dark");
        TestBrowser.photograph(telephone, "transactions-telephone");
    }

    @Test
    void lines_of_files_are_shown_and_a_date_in_the_future_hides_none() throws Exception {
        Path bulk = Files.createDirectories(service.raw().resolve("../../transactions/bulk"));
        Files.copy(TestService.HOME.resolve("samples/transactions/shop.csv"), bulk.resolve("shop.csv"));
        Assertions.assertEquals(
                202,
                service.post("/pipelines/transactions/again", "{\"why\": \"a new file\"}")
                        .statusCode());
        service.awaitRun("transactions", 1, "succeeded");
        Page page = open("#transactions");
        assertThat(page.locator("[data-figure=stored]")).hasText("3,000 rows stored");
        assertThat(page.locator("[data-figure=rate]")).hasText("0 rows per second");
        assertThat(page.getByText("Play the sample")).isHidden();
        assertThat(page.locator("#sales-hours h2")).hasText("Sales by hour, 2011-11-25");
        page.locator("#sales-number").fill("700197");
        page.keyboard().press("Enter");
        assertThat(page.locator("#sales-found")).containsText("Invoice 700197");

        Assertions.assertEquals(200, service.post("/transactions", """
                        {"InvoiceNo":"1","StockCode":"a","Quantity":1,"InvoiceDate":"9999-12-31","UnitPrice":1}""").statusCode());
        assertThat(page.locator("[data-figure=stored]")).hasText("3,001 rows stored");
        assertThat(page.locator("#sales-hours"))
                .containsText("Sales with later dates, up to 9999-12-31, are in the future and not shown here.");
        assertThat(page.locator("#sales-hours h2")).hasText("Sales by hour, 2011-11-25");
        assertThat(page.locator("#sales-best h2")).hasText("Best sellers, 2011-11-25");
        assertThat(page.locator("#sales-latest tbody tr").first()).containsText("2011-11-25");
        TestBrowser.photograph(page, "transactions-bulk");
    }
}
