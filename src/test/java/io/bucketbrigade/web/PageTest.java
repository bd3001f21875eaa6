package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.support.TestBrowser;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page in a real browser, in front of the real service. */
class PageTest extends BrowserTest {
    @Test
    void the_keyboard_alone_is_enough() throws Exception {
        dropSamples();
        Page page = open("#leaderboard");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        tabTo(page, "Messages");
        page.keyboard().press("Enter");
        page.keyboard().press("Enter");
        assertThat(page.locator("#standings tbody tr").first()).containsText("Julia Schmidt");
        assertThat(page.locator("th[aria-sort='ascending']")).hasText("Messages");
        page.keyboard().press("Home");
        tabTo(page, "Runs");
        page.keyboard().press("Enter");
        assertThat(page.locator("#view-runs")).isVisible();
        tabTo(page, "Inputs");
        page.keyboard().press("Enter");
        assertThat(page.locator("#runs details li").first()).containsText("messages.csv");
    }

    /** Presses Tab until what has the focus reads so. */
    private static void tabTo(Page page, String text) {
        for (int step = 0; step < 40; step++) {
            page.keyboard().press("Tab");
            if (text.equals(page.evaluate("document.activeElement.textContent"))) {
                return;
            }
        }
        throw new AssertionError("Tab never came to " + text);
    }

    @Test
    void the_datamart_shows_a_page_from_the_middle_and_rows_that_cannot_be_used() throws Exception {
        StringBuilder messages = new StringBuilder(MESSAGES);
        for (int row = 1; row <= 20_000; row++) {
            messages.append(row)
                    .append(row == 10_003 ? ",broken\n" : ",7,2026-03-02T08:00:00Z,\"line one\nline two\"\n");
        }
        service.drop("messages.csv", messages.toString());
        Page page = open("#datamart");
        Locator table = page.locator("#tables [data-file='messages.csv']");
        assertThat(table.locator("[role=status]")).containsText("20,000 rows");
        assertThat(page.locator("[data-file='users.csv'] [role=status]")).hasText("users.csv is not there yet.");
        table.getByLabel("Go to row in messages.csv").fill("10000");
        table.getByLabel("Go to row in messages.csv").press("Enter");
        assertThat(table.locator("tbody tr").first()).containsText("10000");
        assertThat(table.locator("tr.wrong")).containsText("2 fields where the header has 4");
        TestBrowser.photograph(page, "datamart");
    }

    @Test
    void a_run_that_failed_says_why_and_can_be_found_by_its_state() throws Exception {
        dropSamples();
        service.drop("messages.csv", MESSAGES + "1,,x,y\n2,1,x,y\n");
        Page page = open("#runs");
        assertThat(page.locator(".run").first()).containsText("author_id is blank");
        page.getByLabel("State").selectOption("failed");
        assertThat(page.locator(".run .state").first()).hasText("failed");
        TestBrowser.photograph(page, "runs");
    }

    @Test
    void the_board_follows_a_file_dropped_into_the_folder_without_losing_the_search() throws Exception {
        dropSamples();
        Page page = open("#leaderboard");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        page.getByLabel("Search").fill("schmidt");
        assertThat(page.locator("#standings tbody tr")).hasCount(1);
        service.drop(
                "messages.csv",
                Files.readString(SAMPLES.resolve("messages.csv")) + "900,10,2026-03-09T08:00:00Z,one\n".repeat(50));
        assertThat(page.locator("#standings tbody tr .messages")).containsText("51");
        assertThat(page.getByLabel("Search")).hasValue("schmidt");
        assertThat(page.locator(".place-1")).containsText("Julia Schmidt");
    }

    @Test
    void tabs_have_addresses_that_survive_reload_and_back() throws Exception {
        dropSamples();
        Page page = open("#datamart");
        assertThat(page).hasTitle("Datamart · Bucket Brigade");
        page.locator("header a[href='#runs']").click();
        assertThat(page.locator("#view-runs")).isVisible();
        page.reload();
        assertThat(page.locator("#view-runs")).isVisible();
        page.goBack();
        assertThat(page.locator("#view-datamart")).isVisible();
        assertThat(page.locator("#view-runs")).isHidden();
    }

    @Test
    void names_are_shown_as_text_whatever_they_are() throws Exception {
        String rightToLeft = "\u05e9\u05dc\u05d5\u05dd".repeat(75);
        service.drop(
                "users.csv",
                "user_id,first_name,last_name\n1,<img src=x onerror=alert(1)>,=cmd()\n2," + rightToLeft
                        + ",\n3,\"<script>alert(2)</script>\",\n");
        service.drop("messages.csv", MESSAGES + "1,1,x,a\n2,1,x,b\n3,1,x,c\n4,2,x,d\n5,2,x,e\n6,3,x,f\n");
        Page page = open("#leaderboard", 390, 844, ColorScheme.LIGHT);
        assertThat(page.locator(".place-1 .who")).hasText("<img src=x onerror=alert(1)> =cmd()");
        assertThat(page.locator(".place-2 .who")).hasText(rightToLeft);
        assertThat(page.locator("main img, main script")).hasCount(0);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("fits the phone")
                .isEqualTo(true);
        TestBrowser.photograph(page, "leaderboard-phone");
        assertThat(service.get("/").headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).doesNotContain("unsafe"));
    }

    @Test
    void nothing_serious_stands_in_the_way_of_anybody_by_day_and_by_night() throws Exception {
        dropSamples();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = open("#leaderboard", 1280, 900, scheme);
            assertThat(page.locator("#standings tbody tr")).hasCount(8);
            for (String tab : List.of("leaderboard", "upload", "datamart", "runs")) {
                page.locator("header a[href='#" + tab + "']").click();
                assertThat(page.locator("#view-" + tab)).isVisible();
                if (tab.equals("datamart")) {
                    assertThat(page.locator("[data-file='users.csv'] tbody tr").first())
                            .isVisible();
                }
                assertNothingSerious(page, tab + " " + scheme);
                TestBrowser.photograph(page, tab + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    @Test
    void a_service_that_is_gone_is_said_and_the_page_goes_on_when_it_is_back() throws Exception {
        dropSamples();
        Page page = open("#leaderboard");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        service.close();
        assertThat(page.locator("#offline")).containsText("The service does not answer");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        assertNothingSerious(page, "offline");
        TestBrowser.photograph(page, "offline");
        service.startAgain();
        assertThat(page.locator("#offline")).isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(20_000));
        service.drop("messages.csv", MESSAGES + "1,1,x,y\n");
        assertThat(page.locator("#standings tbody tr")).hasCount(1);
        browser.complaints();
    }

    @Test
    void who_went_up_and_down_since_the_run_before_is_shown() throws Exception {
        dropSamples();
        Page page = open("#leaderboard");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        assertThat(page.locator("#standings .move").first()).isHidden();
        service.drop(
                "messages.csv",
                Files.readString(SAMPLES.resolve("messages.csv"))
                        + "900,10,2026-03-09T08:00:00Z,one\n".repeat(10)
                        + "910,4711,2026-03-09T08:00:00Z,one\n".repeat(8));
        assertThat(page.locator(".place-2 .move")).hasText("▲up 6");
        assertThat(page.locator("#standings tr", new Page.LocatorOptions().setHasText("Andre"))
                        .locator(".move.down"))
                .hasText("▼down 1");
        assertThat(page.locator("#standings tr", new Page.LocatorOptions().setHasText("4711"))
                        .locator(".move.new"))
                .hasText("new");
        assertThat(page.locator("#made")).containsText("change since run 1");
        assertNothingSerious(page, "movement");
        TestBrowser.photograph(page, "leaderboard");
    }

    @Test
    void a_run_at_work_shows_how_far_it_is_and_the_rows_it_rejected_can_be_seen_and_downloaded() throws Exception {
        service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
        Page page = open("#runs");
        try (Database database = Database.connect(DatabaseAddress.parse(service.databaseUri(), "", ""));
                Connection writer = database.pool().getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE leaderboard");
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n".repeat(400) + "2,,=cmd(),\"a\nb\"\n");
            assertThat(page.locator(".run progress")).isVisible();
            assertThat(page.locator(".run .faint", new Page.LocatorOptions().setHasText("read, publishing")))
                    .isVisible();
            assertThat(page.locator(".run .state")).hasText("running");
            TestBrowser.photograph(page, "runs-running");
            page.locator("header a[href='#leaderboard']").click();
            assertThat(page.locator("#working")).containsText("Run 1 is in progress");
            page.locator("header a[href='#runs']").click();
            writer.rollback();
        }
        assertThat(page.locator(".run .state")).hasText("succeeded");
        page.getByText("Rejected rows").click();
        assertThat(page.locator(".rejected tbody td").nth(2)).hasText("author_id is blank");
        assertThat(page.locator(".rejected tbody td").nth(3)).hasText("2,,=cmd(),\"a\nb\"");
        assertNothingSerious(page, "rejected rows");
        TestBrowser.photograph(page, "runs-rejected");
        Download download = page.waitForDownload(
                () -> page.locator(".rejected").getByText("Download").click());
        assertThat(download.suggestedFilename()).isEqualTo("rejected-1.csv");
        assertThat(Files.readString(download.path())).startsWith("file,line,reason,row\nmessages.csv,402,");
        page.getByLabel("Run again what run 1 did").click();
        assertThat(page.locator(".run")).hasCount(2);
        assertThat(page.locator(".run").first()).containsText("replay of run 1");
    }
}
