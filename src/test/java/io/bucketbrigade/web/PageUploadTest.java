package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import io.bucketbrigade.support.TestBrowser;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that go up through the page, and keys that are needed for it. */
class PageUploadTest extends BrowserTest {
    private static final LocatorAssertions.ContainsTextOptions PATIENT =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

    @Test
    void both_files_go_up_through_the_page_and_the_board_is_new() throws Exception {
        Page page = open("#leaderboard");
        assertThat(page.getByText("No ranking yet")).isVisible();
        assertNothingSerious(page, "empty");
        TestBrowser.photograph(page, "leaderboard-empty");
        page.getByText("Upload the files").click();
        page.setInputFiles("#files", new FilePayload[] {
            file("Kundschaft.csv", Files.readString(SAMPLES.resolve("users.csv"))),
            file("export (3).csv", Files.readString(SAMPLES.resolve("messages.csv")))
        });
        assertThat(page.locator("#chosen [data-file='messages.csv']")).containsText("export (3).csv");
        assertThat(page.locator("#chosen [data-file='users.csv'] th").first()).hasText("user_id");
        TestBrowser.photograph(page, "upload-preview");
        page.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Upload"))
                .click();
        page.getByText("See the result").click();
        assertThat(page.locator(".place-1")).containsText("Rossi");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        assertThat(page.locator("#made")).containsText("run 1");
    }

    @Test
    void a_file_with_semicolons_in_windows_1252_is_recognised_and_said_to_be_so() {
        Page page = open("#upload");
        byte[] users = "sep=;\r\nUser ID;First.Name;last_name\r\n;;\r\n1;Ren\u00e9;\"Lima; Jr\"\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        page.setInputFiles("#files", new FilePayload("export.csv", "text/csv", users));
        assertThat(page.locator("#chosen article[data-file='users.csv'] h2"))
                .containsText("read as semicolon-separated");
        assertThat(page.locator("#chosen .preview tbody tr")).hasCount(1);
        assertThat(page.locator("#chosen .preview tbody td")).hasText(new String[] {"1", "René", "Lima; Jr"});
    }

    @Test
    void the_run_reported_is_the_one_that_read_the_files_sent() throws Exception {
        dropSamples();
        Page page = open("#leaderboard");
        assertThat(page.locator("#standings tbody tr")).hasCount(8);
        page.locator("header a[href='#upload']").click();
        page.setInputFiles("#files", new FilePayload[] {
            file("users.csv", "user_id,first_name,last_name\n1,Person,1\n"),
            file("messages.csv", MESSAGES + "1,1,x,y\n")
        });
        assertThat(page.locator("#chosen [data-file]")).hasCount(2);
        page.locator("#send").click();
        assertThat(page.locator("#after")).containsText("Run 2 read 1 row. See the result", PATIENT);
        assertThat(service.board()).isEqualTo(board(1));
        assertThat(service.ask("SELECT count(*) FROM brigade.runs")).isEqualTo("2");
    }

    private static String board(int messages) {
        return "{\"leaderboard\": [{\"user_id\":1,\"messages\":" + messages + ",\"name\":\"Person " + messages
                + "\"}]}";
    }

    @Test
    void an_upload_that_breaks_off_changes_nothing_and_can_be_repeated() throws Exception {
        dropSamples();
        Page page = open("#upload");
        page.route("**/messages.csv", Route::abort, new Page.RouteOptions().setTimes(1));
        page.setInputFiles("#files", new FilePayload[] {
            file("users.csv", "user_id,first_name,last_name\n1,Person,2\n"),
            file("messages.csv", MESSAGES + "1,1,x,y\n2,1,x,y\n")
        });
        assertThat(page.locator("#chosen [data-file]")).hasCount(2);
        page.locator("#send").click();
        assertThat(page.locator("#after [role=alert]"))
                .hasText("The connection was lost. Nothing was changed. Press Upload to try again.");
        assertThat(service.raw().resolve("users.csv")).hasContent(Files.readString(SAMPLES.resolve("users.csv")));
        page.locator("#send").click();
        assertThat(page.locator("#after")).containsText("read 2 rows. See the result", PATIENT);
        assertThat(service.board()).isEqualTo(board(2));
        // Chromium complains about the connection that the test broke.
        browser.complaints();
    }

    @Test
    void a_wrong_file_is_said_in_words_before_anything_is_sent() {
        Page page = open("#upload");
        page.setInputFiles("#files", file("messages.csv", "message_id,received_at,content\n1,x,y\n"));
        assertThat(page.locator(".problem"))
                .hasText("It looks like messages.csv, but is missing the column author_id.");
        page.setInputFiles(
                "#files", new FilePayload("photo.csv", "text/csv", new byte[] {(byte) 0xff, (byte) 0xd8, 0, 1}));
        assertThat(page.locator(".problem")).containsText("it contains bytes that are not text");
        assertNothingSerious(page, "wrong file");
        TestBrowser.photograph(page, "upload-wrong");
        assertThat(page.locator("#send")).isHidden();
    }

    @Test
    void a_file_that_is_too_large_is_said_before_anything_is_sent(@TempDir Path own) throws Exception {
        try (TestService narrow = new TestService(own, Map.of("BRIGADE_UPLOAD_MAX", "1000"))) {
            Page page = browser.open(narrow.address("/#upload"));
            page.setInputFiles("#files", file("messages.csv", MESSAGES + "1,1,x,y\n".repeat(200)));
            assertThat(page.locator(".problem"))
                    .containsText("too large: it has 1.6 kB, and at most 1 kB are accepted");
            assertThat(page.locator("#send")).isHidden();
            browser.leave();
        }
    }

    @Test
    void files_go_up_into_a_bucket_through_the_page(@TempDir Path own) throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("LEADERBOARD_RAW", "s3://" + bucket + "/raw");
        try (TestService inBuckets = new TestService(own, environment)) {
            Page page = browser.open(inBuckets.address("/#upload"));
            page.setInputFiles("#files", new FilePayload[] {
                file("u.csv", Files.readString(SAMPLES.resolve("users.csv"))),
                file("m.csv", Files.readString(SAMPLES.resolve("messages.csv")))
            });
            assertThat(page.locator("#chosen [data-file]")).hasCount(2);
            page.locator("#send").click();
            page.getByText("See the result").click();
            assertThat(page.locator(".place-1")).containsText("Rossi");
            page.locator("header a[href='#datamart']").click();
            assertThat(page.locator("#tables [data-file='messages.csv'] [role=status]"))
                    .containsText("s3://" + bucket + "/raw/messages.csv");
            browser.leave();
        }
        assertThat(buckets.get(bucket, "raw/users.csv").asUtf8String())
                .isEqualTo(Files.readString(SAMPLES.resolve("users.csv")));
    }

    @Test
    void where_a_key_is_needed_the_page_asks_for_it(@TempDir Path own) throws Exception {
        try (TestService locked = new TestService(own, Map.of("BRIGADE_API_KEY", "secret"))) {
            locked.drop("users.csv", Files.readString(SAMPLES.resolve("users.csv")));
            Page page = browser.open(locked.address("/#datamart"));
            assertThat(page.locator("#tables .problem").first()).containsText("key");
            page.getByLabel("Key (BRIGADE_API_KEY)").fill("secret");
            page.getByLabel("Key (BRIGADE_API_KEY)").press("Enter");
            assertThat(page.locator("#tables [data-file='users.csv'] tbody tr").first())
                    .containsText("Andre");
            browser.leave();
        }
    }

    @Test
    void where_reading_needs_a_key_the_page_keeps_it_for_the_session(@TempDir Path own) throws Exception {
        Map<String, String> keys = Map.of("BRIGADE_API_KEY", "secret", "BRIGADE_READ_KEY", "reader");
        try (TestService locked = new TestService(own, keys)) {
            locked.drop("users.csv", Files.readString(SAMPLES.resolve("users.csv")));
            locked.drop("messages.csv", Files.readString(SAMPLES.resolve("messages.csv")));
            Page page = browser.open(locked.address("/"));
            page.getByLabel("Key (BRIGADE_API_KEY)").fill("wrong");
            page.getByLabel("Key (BRIGADE_API_KEY)").press("Enter");
            assertThat(page.getByLabel("Key (BRIGADE_API_KEY)")).hasValue("");
            page.getByLabel("Key (BRIGADE_API_KEY)").fill("reader");
            page.getByLabel("Key (BRIGADE_API_KEY)").press("Enter");
            assertThat(page.locator("#standings tbody tr")).hasCount(8);
            page.reload();
            assertThat(page.locator("#standings tbody tr")).hasCount(8);
            locked.drop("messages.csv", MESSAGES + "1,1,x,y\n");
            assertThat(page.locator("#standings tbody tr")).hasCount(1);
            Download download =
                    page.waitForDownload(() -> page.locator("#download").click());
            assertThat(Files.readString(download.path())).startsWith("rank,user_id,name,messages");
            browser.leave();
        }
    }
}
