package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import io.bucketbrigade.cli.Sent;
import io.bucketbrigade.support.TestService;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsightsTest {
    private static final Path SALES = TestService.HOME.resolve("samples/transactions/sales.csv");
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private TestService service;

    @BeforeAll
    void send(@TempDir Path folder) throws Exception {
        service = new TestService(folder.resolve("service"), Map.of());
        assertThat(Sent.file(SALES, service.address("/transactions"), folder)).isZero();
        await().atMost(Duration.ofSeconds(20)).until(() -> service.ask("SELECT count(*) FROM warehouse.fact_sales")
                .equals("127"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static PlainInsights all() throws Exception {
        return new PlainInsights(SALES, WINDOWS, time -> true);
    }

    /** The columns of the answer's rows, joined. */
    private List<String> ask(String question, String columns) throws Exception {
        return StreamSupport.stream(rows(question).spliterator(), false)
                .map(row -> Stream.of(columns.split(","))
                        .map(column -> text(row.path(column)))
                        .collect(Collectors.joining("|")))
                .toList();
    }

    private JsonNode rows(String question) throws Exception {
        return JSON.readTree(service.get("/transactions/insights/" + question).body());
    }

    private static String text(JsonNode value) {
        return value.isNumber() ? PlainInsights.plain(value.decimalValue()) : value.isNull() ? "" : value.asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hour", "day", "month", "year"})
    void sales_of_each_period_are_those_of_the_twin(String by) throws Exception {
        assertThat(ask("sales?by=" + by, "period,lines,quantity,gross,net"))
                .isEqualTo(all().sales(by))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hour", "day", "month", "year"})
    void best_sellers_of_each_period_are_those_of_the_twin(String by) throws Exception {
        for (String metric : List.of("quantity", "revenue")) {
            assertThat(ask("best-sellers?by=" + by + "&metric=" + metric, "period,stock_code,quantity,revenue"))
                    .isEqualTo(all().bestSellers(by, metric))
                    .isNotEmpty();
        }
    }

    @Test
    void averages_invoices_countries_and_customers_are_those_of_the_twin() throws Exception {
        assertThat(ask("average-sales", "by,periods,average_gross,average_net")).isEqualTo(all().averageSales());
        assertThat(ask("highest-invoices?limit=30", "invoice_no,customer_id,lines,net"))
                .isEqualTo(all().highestInvoices(30));
        assertThat(ask("countries", "country,invoices,customers,revenue")).isEqualTo(all().countries());
        assertThat(ask(
                        "customer-base",
                        "customers,invoices,cancellations,revenue,average_basket,repeat_rate,cancellation_rate"))
                .containsExactly(all().customerBase());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                sales_per_hour, sales?by=hour
                sales_per_day, sales
                sales_per_month, sales?by=month
                sales_per_year, sales?by=year
                average_sales, average-sales
                best_sellers_per_hour_by_quantity, best-sellers?by=hour
                best_sellers_per_day_by_quantity, best-sellers
                best_sellers_per_month_by_quantity, best-sellers?by=month
                best_sellers_per_year_by_quantity, best-sellers?by=year
                best_sellers_per_hour_by_revenue, best-sellers?by=hour&metric=revenue
                best_sellers_per_day_by_revenue, best-sellers?by=day&metric=revenue
                best_sellers_per_month_by_revenue, best-sellers?by=month&metric=revenue
                best_sellers_per_year_by_revenue, best-sellers?by=year&metric=revenue
                highest_invoices, highest-invoices?limit=10000
                customers, customers?limit=10000
                customer_base, customer-base
                countries, countries
                """)
    void a_view_has_the_rows_of_the_call_without_bounds_and_says_what_they_mean(String view, String question)
            throws Exception {
        JsonNode viewed = JSON.readTree(service.ask("SELECT json_agg(v) FROM warehouse." + view + " AS v"));
        JsonNode called = rows(question);
        assertThat(viewed.size()).isEqualTo(called.size()).isPositive();
        for (int at = 0; at < called.size(); at++) {
            List<String> asCalled = new ArrayList<>();
            List<String> asViewed = new ArrayList<>();
            for (Map.Entry<String, JsonNode> value : called.get(at).properties()) {
                String text = text(value.getValue());
                String inView = text(viewed.get(at).path(value.getKey()));
                asCalled.add(value.getKey() + "=" + text);
                // A view has the begin of a period as a time, and the call the part of it that the period needs.
                boolean isPeriod = value.getKey().equals("period");
                asViewed.add(value.getKey() + "=" + (isPeriod ? inView.substring(0, text.length()) : inView));
            }
            assertThat(asViewed).isEqualTo(asCalled);
            assertThat(viewed.get(at).size()).isEqualTo(called.get(at).size());
        }
        assertThat(service.ask("SELECT obj_description('warehouse." + view + "'::regclass)"))
                .endsWith(".");
    }

    @Test
    void the_warehouse_has_no_other_views() throws Exception {
        assertThat(service.ask("SELECT count(*) FROM pg_views WHERE schemaname = 'warehouse'"))
                .isEqualTo("17");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                sales?limit=3                             | It takes: by, from, to, format.
                sales?metric=quantity                     | does not take the parameter metric
                average-sales?by=day                      | It takes: from, to, format.
                best-sellers?limit=1                      | It takes: by, metric, from, to, format.
                highest-invoices?by=day                   | It takes: limit, from, to, format.
                customers?by=year                         | It takes: limit, from, to, format.
                customer-base?limit=5&format=csv          | does not take the parameter limit
                countries?metric=revenue                  | does not take the parameter metric
                sales?from=2010-12-02&to=2010-12-01       | after to, '2010-12-01'
                customers?from=2011-01-01&to=2010-12-31   | after to, '2010-12-31'
                """)
    void what_a_question_does_not_use_is_refused(String question, String words) throws Exception {
        assertProblem(service.get("/transactions/insights/" + question), 400, words);
    }

    @Test
    void one_day_is_asked_with_from_and_to_of_that_day() throws Exception {
        assertThat(ask("sales?from=2012-02-29&to=2012-02-29", "period")).containsExactly("2012-02-29");
    }

    @Test
    void from_and_to_are_included() throws Exception {
        PlainInsights some = new PlainInsights(
                SALES,
                WINDOWS,
                time -> !time.isBefore(LocalDateTime.parse("2010-12-01T00:00:00"))
                        && time.isBefore(LocalDateTime.parse("2010-12-16T00:00:00")));
        String range = "from=2010-12-01&to=2010-12-15";
        assertThat(ask("sales?by=hour&" + range, "period,lines,quantity,gross,net"))
                .isEqualTo(some.sales("hour"))
                .isNotEmpty();
        assertThat(ask("best-sellers?by=month&" + range, "period,stock_code,quantity,revenue"))
                .isEqualTo(some.bestSellers("month", "quantity"));
        assertThat(ask("average-sales?" + range, "by,periods,average_gross,average_net"))
                .isEqualTo(some.averageSales());
    }

    @Test
    void customers_have_scores_and_a_segment() throws Exception {
        String columns = "customer_id,invoices,recency,frequency,monetary,segment";
        assertThat(ask("customers", columns))
                .containsExactly(
                        "17850|8|1|5|5|at risk",
                        "12583|7|1|2|5|at risk",
                        "16446|8|4|5|4|best",
                        "12431|7|3|2|3|regular",
                        "14527|7|2|2|2|lost",
                        "13047|8|5|5|1|loyal",
                        "14911|1|5|1|1|new");
        assertThat(ask("customers?limit=2", "customer_id")).containsExactly("17850", "12583");
    }

    @Test
    void answers_come_as_csv_too() throws Exception {
        String csv =
                service.get("/transactions/insights/sales?by=year&format=csv").body();
        try (CsvReader<?> rows = CsvReader.builder().ofNamedCsvRecord(csv)) {
            assertThat(rows.stream().count()).isEqualTo(3);
        }
        assertThat(csv).startsWith("period,lines,quantity,gross,net\n2010,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sales",
                "average-sales",
                "best-sellers",
                "highest-invoices",
                "customers",
                "customer-base",
                "countries"
            })
    void an_answer_in_csv_has_the_columns_of_that_in_json_also_without_a_row(String question) throws Exception {
        String path = "/transactions/insights/" + question;
        List<String> columns = new ArrayList<>();
        new ObjectMapper()
                .readTree(service.get(path).body())
                .path(0)
                .fieldNames()
                .forEachRemaining(columns::add);
        assertThat(columns).isNotEmpty();
        assertThat(service.get(path + "?format=csv&from=1901-01-01&to=1901-01-02")
                        .body())
                .startsWith(String.join(",", columns) + "\n");
    }

    @Test
    void a_question_that_does_not_exist_is_not_found() throws Exception {
        assertProblem(service.get("/transactions/insights/..%2Fstore"), 404);
        assertProblem(service.get("/transactions/insights/weather"), 404, "customer-base");
        assertProblem(service.get("/transactions/insights/sales?by=week"), 400, "hour, day, month, year");
    }

    @Test
    void dimensions_hold_what_the_facts_name() throws Exception {
        assertThat(service.ask("SELECT count(*) FROM warehouse.fact_sales f"
                        + " LEFT JOIN warehouse.dim_product p USING (stock_code) LEFT JOIN warehouse.dim_date d USING (day)"
                        + " LEFT JOIN warehouse.dim_customer c USING (customer_id) LEFT JOIN warehouse.dim_country l ON l.country = f.country"
                        + " WHERE p.stock_code IS NULL OR d.day IS NULL OR (f.customer_id IS NOT NULL AND c.customer_id IS NULL)"
                        + " OR (f.country IS NOT NULL AND l.country IS NULL)"))
                .isEqualTo("0");
        assertThat(service.ask(
                        "SELECT string_agg(day || ' ' || day_of_week, ',') FROM warehouse.dim_date WHERE year = 2012"))
                .isEqualTo("2012-02-29 3");
    }
}
