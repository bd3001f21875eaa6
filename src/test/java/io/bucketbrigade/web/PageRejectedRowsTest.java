package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.support.TestBrowser;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rejected rows on the page of a service that has a key. */
class PageRejectedRowsTest extends BrowserTest {
    @Override
    Map<String, String> environment() {
        return Map.of("BRIGADE_API_KEY", "s3cret");
    }

    private static String row(String product, String quantity, String description) {
        return """
                {"InvoiceNo":"700","StockCode":"%s","Quantity":"%s","InvoiceDate":"12/1/2010 8:26","UnitPrice":2.5,"Description":"%s"}""".formatted(product, quantity, description);
    }

    private void post(String rows) throws Exception {
        assertEquals(
                200,
                service.post("/transactions", rows, "Authorization", "Bearer s3cret")
                        .statusCode());
    }

    private static Locator item(Page page, int id) {
        return page.locator(".rejected-rows li[data-id='" + id + "']");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private void opened(Page page) {
        page.locator(".rejected-rows summary").focus();
        page.keyboard().press("Enter");
    }

    @Test
    void rejected_rows_are_listed_corrected_tried_again_and_dismissed() throws Exception {
        service.execute("ALTER TABLE warehouse.fact_sales ADD CONSTRAINT poison CHECK (stock_code <> 'poison')");
        post("[" + row("a", "six", "<b>LANTERN</b>") + "," + row("b", "6", "KEPT") + "]");
        post("[" + row("c", "", "x".repeat(400)) + "]");
        Page page = open("#transactions", 1440, 900, ColorScheme.LIGHT);
        assertThat(page.locator("[data-figure=rejected]")).hasText("2 rejected");
        post(row("poison", "1", "POISON"));
        assertThat(page.locator("[data-figure=rejected]")).hasText("3 rejected");

        opened(page);
        Locator said = page.locator(".rejected-rows > .said");
        assertThat(said)
                .hasText("This call needs the key: send Authorization: Bearer <BRIGADE_API_KEY>."
                        + " You can enter it at the top of this page.");
        page.locator("#key").fill("s3cret");
        page.keyboard().press("Enter");
        Locator items = page.locator(".rejected-rows li");
        assertThat(items).hasCount(3);
        assertThat(items.first()).containsText("missing from the warehouse");
        assertThat(items.first()).containsText("It can't be corrected.");
        assertThat(items.last()).containsText("rejected on arrival");
        assertThat(items.last()).containsText("Quantity is 'six', which is not a whole number.");
        assertThat(items.last().locator("pre")).containsText("\"Description\":\"<b>LANTERN</b>\"");
        assertNothingSerious(page, "rejected rows");
        TestBrowser.photograph(page, "rejected-rows");

        correct_a_row(page, said);
        try_the_row_of_a_reader_again(page, said);

        button(page, "Dismiss row 2").click();
        assertThat(said).hasText("Row 2 is dismissed.");
        assertThat(items).hasCount(0);
        assertThat(page.locator("[data-figure=rejected]")).hasText("0 rejected");
        assertEquals("0", service.ask("SELECT count(*) FROM brigade.stream_rejected"));
        assertThat(page.locator("[data-figure=stored]")).hasText("3 rows stored");
    }

    /** By the keyboard alone. */
    private void correct_a_row(Page page, Locator said) throws Exception {
        button(page, "Correct row 1").focus();
        page.keyboard().press("Enter");
        Locator text = item(page, 1).locator("textarea");
        assertThat(text).isFocused();
        assertThat(text).hasValue(row("a", "six", "<b>LANTERN</b>"));
        text.fill(row("a", "seven", ""));
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(item(page, 1).locator(".said"))
                .hasText("Still rejected: Quantity is 'seven', which is not a whole number.");
        button(page, "Refresh").click();
        text.fill("{");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(item(page, 1).locator(".said")).containsText("JSON");
        assertNothingSerious(page, "a row that is corrected");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        TestBrowser.photograph(page, "rejected-rows-corrected");
        text.fill(row("a", "7", "LANTERN"));
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(said).hasText("Row 1 is no longer rejected: it is stored.");
        assertThat(button(page, "Correct row 2")).isFocused();
        assertEquals(
                "1", service.ask("SELECT count(*) FROM brigade.stream_transactions WHERE row::text LIKE '%LANTERN%'"));
    }

    private void try_the_row_of_a_reader_again(Page page, Locator said) throws Exception {
        button(page, "Try again row 3").click();
        assertThat(item(page, 3).locator(".said")).containsText("Still rejected:");
        service.execute("ALTER TABLE warehouse.fact_sales DROP CONSTRAINT poison");
        button(page, "Try again row 3").click();
        assertThat(said).hasText("Row 3 is no longer rejected: it is stored.");
    }

    @Test
    void all_that_are_shown_are_dismissed_after_a_question() throws Exception {
        post(IntStream.range(0, 103)
                .mapToObj(at -> row("p" + at, "many", "LAMP"))
                .collect(Collectors.joining(",", "[", "]")));
        Page page = open("#transactions", 390, 844, ColorScheme.DARK);
        assertThat(page.getByText("No sales yet")).isVisible();
        opened(page);
        page.locator("#key").fill("s3cret");
        page.keyboard().press("Enter");
        Locator items = page.locator(".rejected-rows li");
        assertThat(items).hasCount(100);
        page.getByText("Dismiss all of these").click();
        Locator question = page.locator(".rejected-rows > .wrong");
        assertThat(question).containsText("Dismiss the 100 rows that are shown?");
        page.keyboard().press("Enter");
        assertThat(question).isHidden();

        page.getByText("Show older rows").click();
        assertThat(items).hasCount(103);
        assertThat(page.getByText("Show older rows")).isHidden();
        assertThat(button(page, "Correct row 3")).isFocused();
        post("[" + row("late", "many", "LAMP") + "]");
        page.getByText("Dismiss all of these").click();
        assertThat(question).containsText("Dismiss the 103 rows that are shown?");
        assertNothingSerious(page, "rejected rows on a telephone in the dark");
        TestBrowser.photograph(page, "rejected-rows-telephone");
        page.getByText("Dismiss them").click();
        assertThat(page.locator(".rejected-rows > .said")).hasText("103 rows are dismissed.");
        assertThat(items).hasCount(1);
        assertEquals("104", service.ask("SELECT max(rejected_id) FROM brigade.stream_rejected"));
    }
}
