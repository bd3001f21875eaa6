package io.bucketbrigade.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.bucketbrigade.pipelines.cityrequests.MadeCases;
import io.bucketbrigade.support.TestBrowser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class PageCityRequestsTest extends BrowserTest {
    private static final int CASES = Integer.getInteger("page.cases", 2000);

    @Override
    Map<String, String> environment() {
        return Map.of("CITY_REQUESTS_QUIET", "300ms");
    }

    private void put(String file, String text) throws Exception {
        Path raw = Files.createDirectories(service.raw().resolve("../../city-requests/raw"));
        Files.writeString(raw.resolve(file), text);
    }

    @Test
    void cases_are_filtered_by_the_keyboard_by_clicks_and_by_the_address() throws Exception {
        Page page = open("#city-requests");
        assertThat(page.getByText("No cases yet")).isVisible();
        assertNothingSerious(page, "city requests, empty");
        TestBrowser.photograph(page, "city-requests-empty");

        put("cases.csv", MadeCases.csv(MadeCases.of(CASES, 1)));
        service.awaitRun("city-requests", 1, "succeeded");
        assertThat(page.locator("[data-figure=cases] b")).hasText("2,000");
        assertThat(page.locator("#city-as-of")).hasText(Pattern.compile("^As of run 1, .*\\d.*\\.$"));
        assertThat(page.locator("[data-chart=months] canvas")).isVisible();
        assertThat(page.locator("[data-chart=hours] td.heat")).hasCount(168);
        assertNothingSerious(page, "city requests");

        page.locator("[data-chart=neighborhoods]").getByText("Back Bay").click();
        assertThat(page).hasURL(Pattern.compile("#city-requests/neighborhood=Back\\+Bay$"));
        assertThat(page.locator("[data-chart=neighborhoods] tbody tr")).hasCount(1);
        String ofBackBay = page.locator("[data-figure=cases] b").textContent();
        page.locator("[data-filter=year] summary").focus();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        assertThat(page).hasURL(Pattern.compile("neighborhood=Back\\+Bay&year=2017$"));
        assertThat(page.locator(".chip")).hasCount(3);
        assertThat(page.locator("[data-figure=cases] b")).not().hasText(ofBackBay);
        TestBrowser.photograph(page, "city-requests-filter");
        page.keyboard().press("Escape");
        assertThat(page.locator("[data-filter=year]")).not().hasAttribute("open", "");

        page.locator("[data-chart=months] canvas").focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("[data-chart=months] [aria-live]")).containsText("2017-01: Opened");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("year=2017&month=1$"));
        assertThat(page.locator("[data-chart=sources] a"))
                .hasAttribute(
                        "href", "city-requests/charts/sources?neighborhood=Back+Bay&year=2017&month=1&format=csv");

        page.goBack();
        page.goBack();
        assertThat(page.locator("[data-figure=cases] b")).hasText(ofBackBay);
        page.locator(".chip.clear").click();
        assertThat(page.locator("[data-figure=cases] b")).hasText("2,000");
        assertThat(page).hasURL(Pattern.compile("#city-requests$"));

        page.locator("[data-chart=durations]").getByText("Table").click();
        assertThat(page.locator("[data-chart=durations] tbody tr")).hasCount(11);
        page.locator("[data-chart=durations]").getByText("SQL").click();
        assertThat(page.locator("#city-sql pre")).containsText("FROM duration_classes");
        assertThat(page.locator("#city-sql")).containsText("can't be run on the lake's tables as it is");
        page.keyboard().press("Escape");
        assertThat(page.locator("#city-sql")).isHidden();
        page.locator("[data-chart=durations]").getByText("Table").click();

        page.getByLabel("Case number").fill("999999999");
        page.keyboard().press("Enter");
        assertThat(page.locator("#city-case [role=alert]")).containsText("No row of a file that was read has a case");
        page.getByLabel("Case number")
                .fill(Long.toString(MadeCases.of(CASES, 1).get(0).id()));
        page.keyboard().press("Enter");
        assertThat(page.locator("#city-lineage")).isVisible();
        assertThat(page.locator("#city-lineage")).containsText("cases.csv, line 2");
        assertThat(page.locator("#city-lineage .state-succeeded")).hasText("counts");
        assertNothingSerious(page, "lineage");
        TestBrowser.photograph(page, "city-requests-lineage");
        page.keyboard().press("Escape");
        assertThat(page.locator("#city-lineage")).isHidden();

        Page runs = open("#runs");
        runs.getByText("Steps").click();
        assertThat(runs.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Steps of run 1")))
                .containsText("update silver");
        assertNothingSerious(runs, "runs with steps");
        TestBrowser.photograph(runs, "runs-steps");

        Page none = open("#city-requests/year=1999");
        assertThat(none.getByText("No case matches these filters.")).isVisible();
        String csv = service.get("/city-requests/charts/sources?year=1999&format=csv")
                .body();
        Assertions.assertEquals("source,cases,closed,on_time_share\n", csv);

        assertWrongFilterCanBeCleared();
        assertThat(page.locator("[data-chart=reasons]")).containsText("(no reason given)");
        assertThat(page.locator("[data-chart=reasons]")).containsText("(no pattern matched)");
        put("wrong.csv", "a,b\n1,2\n");
        service.awaitRun("city-requests", 2, "failed");
        assertThat(page.locator("#city-as-of p").first()).containsText("As of run 1, ");
        assertThat(page.locator("#city-as-of .problem")).containsText("Run 2 failed: ");
        assertThat(page.locator("#city-as-of .problem")).containsText("wrong.csv");
        assertThat(page.locator("#city-as-of a")).hasAttribute("href", "#runs");

        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            Page desktop = open("#city-requests", 1440, 900, scheme);
            assertThat(desktop.locator("[data-chart=sources] li")).hasCount(3);
            TestBrowser.photograph(desktop, "city-requests-" + scheme);
            Page telephone = open("#city-requests/status=Closed&year=2018", 390, 844, scheme);
            assertThat(telephone.locator("[data-chart=sources] li")).hasCount(3);
            Assertions.assertEquals(390, telephone.evaluate("document.documentElement.scrollWidth"));
            for (String shown : new String[] {"thead th:nth-child(2)", "tbody tr:first-child td:nth-child(2)"}) {
                BoundingBox box =
                        telephone.locator("[data-chart=neighborhoods] " + shown).boundingBox();
                Assertions.assertTrue(box.x + box.width < 360, "the on-time share is visible, but ends at " + box.x);
            }
            assertThat(telephone.getByText("Scroll the table sideways")).isVisible();
            Assertions.assertEquals(
                    true,
                    telephone
                            .locator("[data-chart=hours] .scroll")
                            .evaluate("heats => heats.scrollWidth <= heats.clientWidth"));
            assertNothingSerious(telephone, "city requests on a telephone, " + scheme);
            TestBrowser.photograph(telephone, "city-requests-telephone-" + scheme);
        }
    }

    private void assertWrongFilterCanBeCleared() {
        Page wrong = open("#city-requests/year=abc");
        assertThat(wrong.locator("#city-problem")).containsText("must be written like 2018,2019");
        assertThat(wrong.locator("#city summary")).hasCount(7);
        assertThat(wrong.locator("#city-figures")).isHidden();
        assertNothingSerious(wrong, "city requests, wrong filter");
        wrong.getByText("Clear all").click();
        assertThat(wrong.locator("[data-figure=cases] b")).hasText("2,000");
        assertThat(wrong.locator("#city-problem")).isHidden();
    }
}
