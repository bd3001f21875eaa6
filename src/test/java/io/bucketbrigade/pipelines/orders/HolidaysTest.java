package io.bucketbrigade.pipelines.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Publication;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HolidaysTest {
    private static final String YEAR = "SELECT 2026";

    private Database database;
    private Publication publication;

    @BeforeAll
    void start() {
        database = TestDatabase.newMigrated();
        Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));
        publication = TestLocations.publication(database, ledger);
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private List<String> days(String where) throws Exception {
        Run run = new Run(1, "orders", "analyse", 1, List.of(), Instant.now(), new LongAdder());
        List<String> days = new ArrayList<>();
        try (Work work = Work.of(run, new Inputs())) {
            publication.begin(work);
            new Holidays(TestLocations.FOLDERS, where).table(work.transaction(), YEAR);
            work.transaction().perform(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT day FROM holidays ORDER BY day")) {
                    while (row.next()) {
                        days.add(row.getString(1));
                    }
                }
            });
        }
        return days;
    }

    @ParameterizedTest
    @CsvSource({
        "US, 2026-11-26, thanksgiving day",
        "US, 2026-07-03, independence day as it is observed",
        "us, 2026-01-01, any letter case",
        "DE, 2026-10-03, german unity day",
        "DE-BY, 2026-06-04, corpus christi in bavaria",
        "PT, 2026-04-25, freedom day",
    })
    void a_public_holiday_of_a_country_is_known(String country, String day, String name) throws Exception {
        assertThat(days(country)).as(name).contains(day);
    }

    @ParameterizedTest
    @CsvSource({"DE, 2026-06-04, only in some states", "US, 2026-11-27, black friday", "GB, 2026-07-04, abroad"})
    void other_days_are_none(String country, String day, String name) throws Exception {
        assertThat(days(country)).as(name).isNotEmpty().doesNotContain(day);
    }

    @Test
    void without_the_setting_no_holidays_are_known() throws Exception {
        assertThat(days(" ")).isEmpty();
    }

    @Test
    void a_file_lists_them_with_remarks(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("holidays.txt");
        Files.writeString(list, "# ours\n2026-12-24\n\n  2026-12-24 # twice\n2026-08-15\n");
        assertThat(days(list.toString())).containsExactly("2026-08-15", "2026-12-24");
        Files.writeString(list, "2026-12-24\n24.12.2026\n");
        assertThatThrownBy(() -> days(list.toString()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("holidays.txt; in line 2, '24.12.2026' is not a date such as 2026-12-25.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    QQ       | country are not known. Known countries are AD, AE,
                    DE-XX    | part of DE are not known. Known parts are BB, BE,
                    us-ma-la | part of US-MA are not known. Known parts are CA, SC.
                    us-tx-la | part of US-TX are not known. Write US-TX.
                    """)
    void a_place_of_which_no_holidays_are_known_is_refused_at_the_start(String code, String why, @TempDir Path folder) {
        Map<String, String> environment = Map.of("ORDERS_HOLIDAYS", code);
        assertThat(SettingsCheck.wrong(SettingsLoader.load(TestService.HOME, folder, environment, Map.of()))
                        .get("orders.holidays"))
                .startsWith("ORDERS_HOLIDAYS is '" + code + "', but the holidays of this " + why);
    }

    @Test
    void today_is_the_day_of_the_run_where_it_is_set_so_or_the_day_that_is_set() {
        Run run = new Run(1, "orders", "analyse", 1, List.of(), Instant.parse("2026-06-16T23:30:00Z"), new LongAdder());
        assertThat(new ReferenceDate("", "UTC").of(run)).isEqualTo(LocalDate.of(2026, 6, 16));
        assertThat(new ReferenceDate(null, "Europe/Lisbon").of(run)).isEqualTo(LocalDate.of(2026, 6, 17));
        assertThat(new ReferenceDate("2020-02-29", "UTC").of(run)).isEqualTo(LocalDate.of(2020, 2, 29));
        assertThatThrownBy(() -> new ReferenceDate("20200229", "UTC"))
                .hasMessage("ORDERS_REFERENCE_DATE is '20200229'; it must be a date such as 2026-11-22.");
        assertThatThrownBy(() -> new ReferenceDate("", "Mars"))
                .hasMessage("ORDERS_TIME_ZONE is 'Mars'; it must be a time zone such as Europe/Lisbon or UTC.");
    }
}
