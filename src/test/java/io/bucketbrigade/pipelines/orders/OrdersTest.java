package io.bucketbrigade.pipelines.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OrdersTest {
    private static final Path SAMPLE = OrdersService.SAMPLES.resolve("best-product-ties-by-number-and-day");
    private static final String ORDERS =
            "order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n1,1,2026-05-04,1,2.50,2,5.00\n";
    private static final String REVIEWS = "review,product_id\n4,1\n";
    private static final String SHIPMENTS = "shipment_id,order_id,shipment_date,delivery_date\n1,1,,\n";
    private static final String CONSTRAINTS =
            "SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), '; ' ORDER BY conname) FROM pg_constraint"
                    + " WHERE connamespace IN ('staging'::regnamespace, 'if_common'::regnamespace)";

    @TempDir
    private Path folder = Path.of("");

    private static void putAll(OrdersService orders) throws IOException {
        orders.put("orders.csv", ORDERS);
        orders.put("reviews.csv", REVIEWS);
        orders.put("shipment_deliveries.csv", SHIPMENTS);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }

    @Test
    void files_that_come_one_after_the_other_make_one_run() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of("ORDERS_QUIET", "1500ms"))) {
            putAll(orders);
            orders.awaitPublished(1);
            long begun = System.nanoTime();
            for (String name : List.of("orders.csv", "reviews.csv", "shipment_deliveries.csv")) {
                orders.put(name, text(SAMPLE.resolve(name)));
                await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            }
            orders.awaitPublished(2);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(2500));
            assertThat(orders.lastRun().path("id").asLong()).isEqualTo(2);
            assertThat(orders.service.ask("SELECT count(*) FROM staging.orders"))
                    .isEqualTo("10");
        }
    }

    @Test
    void a_second_change_on_the_same_day_waits_for_the_next() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of("ORDERS_RUNS_PER_DAY", "1"))) {
            putAll(orders);
            orders.awaitPublished(1);
            orders.put("reviews.csv", REVIEWS + "5,1\n");
            assertThat(orders.awaitRun(2, "skipped").path("error").asText())
                    .startsWith("There was a run today, and no more are allowed. This one is done at ");
            assertThat(orders.service.ask("SELECT count(*) FROM staging.reviews"))
                    .isEqualTo("1");
        }
    }

    @Test
    void a_file_that_is_only_linked_or_given_other_rights_does_not_use_up_the_day() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of("ORDERS_RUNS_PER_DAY", "1"))) {
            putAll(orders);
            orders.awaitPublished(1);
            orders.service.execute("UPDATE brigade.runs SET finished_at = finished_at - interval '1 day'");
            Files.createLink(
                    folder.resolve("backup of orders.csv"), orders.raw().resolve("orders.csv"));
            orders.awaitPublished(2);
            orders.put("reviews.csv", REVIEWS + "5,1\n");
            orders.awaitPublished(3);
            Files.setPosixFilePermissions(
                    orders.raw().resolve("orders.csv"), PosixFilePermissions.fromString("rw-------"));
            assertThat(orders.awaitRun(4, "skipped").path("error").asText()).startsWith("There was a run today");
        }
    }

    @Test
    void a_run_that_fails_leaves_tables_and_exports_as_they_were_and_says_why() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of("ORDERS_MAX_REJECTED", "1%"))) {
            putAll(orders);
            orders.awaitPublished(1);
            String before = text(orders.result("analytics_export/agg_shipments.csv"));
            orders.put("orders.csv", ORDERS + "2,1,2026-05-04,1,2.50,0,5.00\n");
            assertThat(orders.awaitRun(2, "failed").path("error").asText())
                    .isEqualTo(
                            "orders.csv, line 3: quantity: '0' is less than 1; 1 of 2 rows can't be used (50%), more than"
                                    + " ORDERS_MAX_REJECTED allows (1%). Correct the rows or raise the limit.");
            assertThat(text(orders.result("rejected.csv"))).contains("orders.csv,3,quantity: '0' is less than 1,");
            orders.put("orders.csv", ORDERS + "2,1,2026-05-04,1,2.50,2,\"5.00\n");
            assertThat(orders.awaitRun(3, "failed").path("error").asText())
                    .startsWith("orders.csv, line 3: a quote is opened and never closed.");
            orders.put("orders.csv", ORDERS.replace("quantity", "number"));
            assertThat(orders.awaitRun(4, "failed").path("error").asText())
                    .startsWith("orders.csv, line 1, column quantity: this column is missing");
            assertThat(text(orders.result("analytics_export/agg_shipments.csv")))
                    .isEqualTo(before);
            assertThat(orders.service.ask("SELECT count(*) FROM staging.orders"))
                    .isEqualTo("1");
            assertThat(folder.resolve("tmp")).isEmptyDirectory();
        }
    }

    @Test
    void rows_that_fall_with_a_rejected_row_are_told_apart_and_do_not_count_towards_the_limit() throws Exception {
        Map<String, String> strict = Map.of("ORDERS_MAX_REJECTED", "1%");
        StringBuilder many = new StringBuilder(ORDERS);
        for (int order = 2; order <= 200; order++) {
            many.append(order)
                    .append(",1,2026-05-04,1,2.50,")
                    .append(order == 200 ? 0 : 2)
                    .append(",5.00\n");
        }
        try (OrdersService orders = new OrdersService(folder, strict)) {
            putAll(orders);
            orders.put("orders.csv", many.toString());
            orders.put("shipment_deliveries.csv", SHIPMENTS + "2,200,,\n3,200,,\n");
            JsonNode run = orders.awaitPublished(1);
            assertThat(run.path("notes").path("rejected_as_consequences").asInt())
                    .isEqualTo(2);
            assertThat(run.path("rows_rejected").asInt()).isEqualTo(3);
            assertThat(text(orders.result("rejected.csv")))
                    .contains(
                            "shipment_deliveries.csv,3,\"order_id: order 200 was rejected in orders.csv, line 201\",\"2,200,,\"");
            orders.put("shipment_deliveries.csv", SHIPMENTS + "2,200,,\n3,999,,\n");
            assertThat(orders.awaitRun(2, "failed").path("error").asText())
                    .startsWith("shipment_deliveries.csv, line 4: order_id: '999' does not exist in orders.csv;"
                            + " 1 of 3 rows can't be used (33.33%)");
        }
        Map<String, String> settings = new HashMap<>(strict);
        settings.put("BRIGADE_DATA", folder.toString());
        Files.writeString(folder.resolve("orders/raw/shipment_deliveries.csv"), SHIPMENTS + "2,200,,\n");
        assertThat(CommandResult.of(settings, "plan", "orders").out())
                .contains(
                        "  shipment_deliveries.csv: 2 rows, 1 accepted, 1 rejected\n",
                        "  Of the rejected rows, 1 refers to a row that was rejected in another file; it doesn't count",
                        "A run would succeed.");
    }

    @Test
    void success_and_failure_are_told_with_what_is_odd() throws Exception {
        Map<String, String> nobodyListens =
                Map.of("BRIGADE_MAIL_TO", "desk@example.org", "BRIGADE_MAIL_PORT", "" + TestService.freePort());
        try (OrdersService orders = new OrdersService(folder, nobodyListens)) {
            putAll(orders);
            orders.put("orders.csv", ORDERS + "2,1,2026-05-04,1,2.50,2,4.99\n");
            orders.awaitPublished(1);
            assertThat(orders.service.ask("SELECT subject || body FROM brigade.outbox WHERE run_id = 1"))
                    .startsWith("BucketBrigade_Pipeline_Success")
                    .contains(
                            "orders.csv, ",
                            "Rows   4 read = 4 loaded + 0 rejected",
                            "Noted  total_price_differs 1, products_without_a_name 1");
            orders.put("orders.csv", "");
            orders.awaitRun(2, "failed");
            assertThat(orders.service.ask("SELECT subject || body FROM brigade.outbox WHERE run_id = 2"))
                    .startsWith("BucketBrigade_Pipeline_Failure")
                    .contains("The run failed: orders.csv: the file is empty.");
        }
    }

    @Test
    void keys_views_rights_and_checks_on_staging_are_there_after_a_run_as_before() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of())) {
            orders.service.execute("CREATE VIEW public.mine AS SELECT count(*) AS orders FROM staging.orders");
            orders.service.execute("GRANT SELECT ON staging.orders TO PUBLIC");
            orders.service.execute("ALTER TABLE staging.orders ADD CONSTRAINT mine UNIQUE (order_id, product_id)");
            String before = orders.service.ask(CONSTRAINTS);
            orders.replaceBySample(SAMPLE);
            orders.awaitPublished(1);
            assertThat(orders.service.ask(CONSTRAINTS))
                    .isEqualTo(before)
                    .contains("FOREIGN KEY (order_id) REFERENCES staging.orders(order_id)", "mine UNIQUE");
            assertThat(orders.service.ask("SELECT orders FROM public.mine")).isEqualTo("10");
            assertThat(orders.service.ask(
                            "SELECT relacl::text LIKE '%=r/%' FROM pg_class WHERE oid = 'staging.orders'::regclass"))
                    .isEqualTo("t");
            assertThat(orders.service.ask("SELECT line FROM staging.orders WHERE order_id = 3"))
                    .isEqualTo("4");
        }
    }

    @Test
    void what_of_the_users_depends_on_staging_and_is_in_the_way_is_named() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of())) {
            orders.service.execute("CREATE TABLE public.mine (order_id bigint REFERENCES staging.orders)");
            putAll(orders);
            assertThat(orders.awaitRun(1, "failed").path("error").asText())
                    .startsWith("Something in the database depends on staging.orders, staging.reviews,")
                    .contains(
                            "cannot truncate a table referenced in a foreign key constraint; Table \"mine\" references")
                    .endsWith("Remove that foreign key or view, and run it again.");
            orders.service.execute("DROP TABLE public.mine");
            orders.service.post("/pipelines/orders/again", "{\"why\": \"it is gone\"}");
            orders.awaitPublished(2);
        }
    }

    @Test
    void history_stays_and_each_date_can_be_asked_for_as_json_and_csv() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of())) {
            assertThat(orders.service.get("/orders/analytics/agg_shipments").statusCode())
                    .isEqualTo(404);
            orders.service.execute("INSERT INTO analytics.agg_shipments VALUES ('2026-06-16', 7, 8)");
            orders.replaceBySample(SAMPLE);
            orders.awaitPublished(1);
            assertThat(text(orders.result("analytics_export/agg_shipments.csv")))
                    .isEqualTo(
                            "ingestion_date,tt_late_shipments,tt_undelivered_items\n2026-06-16,7,8\n2026-06-17,1,1\n");
            assertThat(orders.service.get("/orders/analytics/agg_shipments").body())
                    .isEqualTo(
                            "{\"ingestion_date\":\"2026-06-17\",\"tt_late_shipments\":1,\"tt_undelivered_items\":1}");
            assertThat(orders.service
                            .get("/orders/analytics/agg_shipments?date=2026-06-16&format=csv")
                            .body())
                    .isEqualTo("ingestion_date,tt_late_shipments,tt_undelivered_items\n2026-06-16,7,8\n");
            assertThat(orders.service
                            .get("/orders/analytics/best_performing_product", "Accept", "text/csv")
                            .body())
                    .endsWith(
                            "\n2026-06-17,\"Chair, folding\",2026-05-01,true,10,33.33,0.00,0.00,33.33,33.33,33.33,16.67\n");
            assertThat(orders.service.get("/orders/analytics").body())
                    .contains("\"agg_shipments\" : [{\"ingestion_date\":\"2026-06-16\"", "\"Chair, folding\"");
            assertThat(orders.service
                            .get("/orders/analytics/agg_shipments?date=1999-01-01")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(orders.service
                            .get("/orders/analytics/agg_shipments?date=today")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(orders.service.get("/orders/analytics/pg_user").body())
                    .contains("404", "it must be one of agg_public_holiday, agg_shipments, best_performing_product");
        }
    }

    /** A folder of the file's name can't be replaced by a file: as if the process had died right after the commit. */
    @Test
    void an_export_that_is_committed_and_not_in_place_is_put_there_later_even_by_another_process() throws Exception {
        Path export = folder.resolve("orders/result/analytics_export/agg_shipments.csv");
        Path inTheWay = export.resolve("in-the-way");
        Files.createDirectories(inTheWay);
        try (OrdersService orders = new OrdersService(folder, Map.of())) {
            orders.replaceBySample(SAMPLE);
            orders.awaitRun(1, "succeeded");
            assertThat(orders.service.ask("SELECT tt_late_shipments FROM analytics.agg_shipments"))
                    .isEqualTo("1");
            await().untilAsserted(() -> assertThat(
                            orders.service.get("/observe/health").body())
                    .contains("DEGRADED", "agg_shipments.csv in "));
            assertThat(text(orders.result("analytics_export/agg_public_holiday.csv")))
                    .contains("2026-06-17,0,");
            orders.service.close();
            Files.delete(inTheWay);
            Files.delete(export);
            orders.service.startAgain();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(export)
                    .hasContent("ingestion_date,tt_late_shipments,tt_undelivered_items\n2026-06-17,1,1"));
            await().untilAsserted(() -> assertThat(orders.service.ask("SELECT count(*) FROM brigade.unfinished_files"))
                    .isEqualTo("0"));
            assertThat(orders.lastRun().path("id").asLong())
                    .as("no run was done again")
                    .isEqualTo(1);
        }
    }

    @Test
    void what_products_there_were_is_known_where_dim_products_is_missing() throws Exception {
        try (OrdersService orders = new OrdersService(folder, Map.of())) {
            putAll(orders);
            orders.put("dim_products.csv", "product_id,product_category,product_name\n5,Home,Lamp\n");
            orders.put("reviews.csv", REVIEWS + "5,5\n");
            orders.awaitPublished(1);
            Files.delete(orders.raw().resolve("dim_products.csv"));
            JsonNode run = orders.awaitPublished(2);
            assertThat(run.path("rows_rejected").asInt()).isZero();
            assertThat(orders.service
                            .get("/orders/analytics/best_performing_product")
                            .body())
                    .contains("\"product_name\":\"Lamp\"");
        }
    }

    @Test
    void inputs_and_results_may_lie_in_buckets() throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("ORDERS_RAW", "s3://" + bucket + "/raw");
        environment.put("ORDERS_RESULT", "s3://" + bucket + "/result");
        try (OrdersService orders = new OrdersService(folder, environment)) {
            for (String name : List.of(
                    "orders.csv", "reviews.csv", "shipment_deliveries.csv", "dim_dates.csv", "dim_products.csv")) {
                buckets.put(bucket, "raw/" + name, text(SAMPLE.resolve(name)));
            }
            orders.awaitPublished(1);
            for (String name : List.of("agg_public_holiday", "agg_shipments", "best_performing_product")) {
                await().untilAsserted(() -> assertThat(buckets.get(bucket, "result/analytics_export/" + name + ".csv")
                                .asUtf8String())
                        .isEqualTo(text(SAMPLE.resolve(name + ".expected.csv"))));
            }
            await().untilAsserted(() -> assertThat(folder.resolve("tmp")).isEmptyDirectory());
            String cheap = ORDERS + "2,1,2026-05-04,1,2.50,2,1.00\n";
            buckets.put(bucket, "raw/orders.csv", cheap);
            await().ignoreExceptions().untilAsserted(() -> assertThat(
                            buckets.get(bucket, "result/warnings.csv").asUtf8String())
                    .contains("orders.csv,3,"));
            buckets.put(bucket, "raw/orders.csv", ORDERS);
            await().untilAsserted(() -> assertThat(
                            buckets.get(bucket, "result/warnings.csv").asUtf8String())
                    .as("nothing is deleted in a bucket")
                    .isEqualTo("file,line,reason\n"));
        }
    }

    @Test
    void a_plan_says_which_rows_a_run_would_take_and_writes_nothing() throws Exception {
        Map<String, String> environment = Map.of("BRIGADE_DATA", folder.toString());
        CommandResult waiting = CommandResult.of(environment, "plan", "orders");
        assertThat(waiting.out())
                .contains("orders.csv is missing", "A run starts when all of its inputs are there.")
                .contains("dim_dates.csv is missing. It is optional; its rows in the database are not read");
        assertThat(waiting.status()).as("waiting for inputs").isZero();
        Path raw = Files.createDirectories(folder.resolve("orders/raw"));
        Path sample = OrdersService.SAMPLES.resolve("rows-that-are-rejected");
        for (String name : List.of("orders.csv", "reviews.csv", "shipment_deliveries.csv")) {
            Files.copy(sample.resolve(name), raw.resolve(name));
        }
        CommandResult plan = CommandResult.of(environment, "plan", "orders");
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out())
                .contains(
                        "read as comma-separated, columns order_id",
                        "orders.csv: 18 rows, 8 accepted, 10 rejected",
                        "  reviews.csv, line 3: review: '6' is more than 5",
                        "A run would fail: orders.csv, line 8: order_date",
                        "Nothing was written.");
        assertThat(plan.status()).as("a run would fail").isEqualTo(1);
        assertThat(folder.resolve("orders/result")).doesNotExist();
        Map<String, String> nonsense = Map.of("BRIGADE_DATA", folder.toString(), "ORDERS_MAX_REJECTED", "many");
        assertThat(CommandResult.of(nonsense, "plan", "orders").err()).startsWith("ORDERS_MAX_REJECTED is 'many'");
        Files.write(raw.resolve("orders.csv"), "PK\3\4".getBytes(StandardCharsets.ISO_8859_1));
        CommandResult excel = CommandResult.of(environment, "plan", "orders");
        assertThat(excel.out())
                .contains("A run would fail: orders.csv: this is an Excel workbook")
                .doesNotContain("A run starts");
        assertThat(excel.status()).isEqualTo(1);
    }
}
