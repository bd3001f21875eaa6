package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestRedshift;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedshiftWarehouseTest extends RedshiftServices {
    @Test
    void the_star_is_that_of_PostgreSQL_row_for_row_and_the_views_have_its_totals() throws Exception {
        awaitAll();
        assertSame(STAR);
        assertSame(TOTALS);
    }

    @Test
    void business_questions_are_answered_as_before_and_the_facts_are_in_Redshift_only() throws Exception {
        for (String question : List.of("sales?by=hour", "best-sellers?by=month", "customers", "countries")) {
            assertThat(redshift.get("/transactions/insights/" + question).body())
                    .isEqualTo(
                            postgresql.get("/transactions/insights/" + question).body());
        }
        assertThat(redshift.ask("SELECT count(*) FROM warehouse.fact_sales")).isEqualTo("0");
    }

    @Test
    void rows_wait_for_others_and_are_loaded_together_and_nothing_is_left_in_the_bucket() throws Exception {
        awaitAll();
        int before = server.loads().size();
        post(lines("W", 900));
        awaitAll();
        assertThat(server.loads().size() - before).isBetween(1, 3);
        patiently().until(() -> buckets.client()
                .listObjectsV2(request -> request.bucket(bucket).prefix("staging/"))
                .contents()
                .isEmpty());
    }

    @Test
    void rows_of_a_process_that_dies_between_both_commits_count_once() throws Exception {
        awaitAll();
        CountDownLatch died = new CountDownLatch(1);
        server.afterNextCommit(() -> {
            endTransactions();
            died.countDown();
        });
        int before = server.loads().size();
        post(lines("D", 50));
        died.await();
        awaitAll();
        assertThat(server.loads().size() - before).as("they were loaded again").isGreaterThan(1);
        assertSame(STAR);
    }

    @Test
    void a_frozen_process_whose_rows_another_one_loads_meanwhile_loads_none_twice() throws Exception {
        awaitAll();
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch wakes = new CountDownLatch(1);
        server.beforeNextCommit(() -> {
            frozen.countDown();
            try {
                wakes.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        post(lines("Z", 50));
        frozen.await();
        endTransactions();
        patiently().until(() -> server.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .equals("1"));
        wakes.countDown();
        awaitAll();
        assertSame(STAR);
    }

    @Test
    void several_containers_load_one_after_the_other_and_no_row_twice(@TempDir Path folder) throws Exception {
        Map<String, String> same = settings();
        same.put("TRANSACTIONS_ARCHIVE", data.resolve("transactions/raw").toString());
        try (TestService second = new TestService(folder, redshift.databaseUri(), same)) {
            for (int part = 0; part < 4; part++) {
                post(lines("C" + part, 400));
            }
            awaitAll();
            assertThat(second.get("/transactions/insights/countries").statusCode())
                    .isEqualTo(200);
        }
        assertSame(STAR);
    }

    @Test
    void a_row_that_only_Redshift_refuses_is_rejected_with_its_reason_and_loaded_when_that_is_gone() throws Exception {
        server.refuseLinesWith("poison");
        post(line("P1", "a", "1") + line("P1", "poison", "2") + line("P2", "b", "3"));
        awaitAll();
        assertThat(server.ask("SELECT string_agg(stock_code, ' ' ORDER BY stock_code) FROM warehouse.fact_sales"
                        + " WHERE invoice_no IN ('P1', 'P2')"))
                .isEqualTo("a b");
        assertThat(redshift.ask(
                        "SELECT stage || ': ' || reason FROM brigade.stream_rejected WHERE row LIKE '%poison%'"))
                .isEqualTo("redshift: Redshift can't load the column stock_code: Invalid value.");
        server.refuseLinesWith("");
        String id = redshift.ask("SELECT rejected_id FROM brigade.stream_rejected WHERE row LIKE '%poison%'");
        assertThat(redshift.post("/streams/transactions/rejected/" + id, "").body())
                .contains("\"replayed\":1");
        assertSame(STAR);
    }

    @Test
    void many_rows_that_only_Redshift_refuses_do_not_keep_the_others_from_it() throws Exception {
        server.refuseLinesWith("poison");
        String poison = IntStream.range(0, 15)
                .mapToObj(at -> line("M" + at, "poison", "2"))
                .collect(Collectors.joining());
        post(lines("M", 60) + poison);
        awaitAll();
        assertThat(redshift.ask("SELECT count(*) FROM brigade.stream_rejected WHERE row LIKE '%\"M%poison%'"))
                .isEqualTo("15");
        server.refuseLinesWith("");
        redshift.post("/streams/transactions/replay", "");
        assertSame(STAR);
    }

    @Test
    void while_Redshift_is_away_rows_are_accepted_and_questions_answered_and_the_rows_are_there_when_it_is_back()
            throws Exception {
        relay.cut();
        post(line("A1", "away", "2.5"));
        awaitHealth(
                "Redshift can't be reached or does not answer for the Redshift database dev of the workgroup analysts");
        patiently().until(() -> redshift.get("/transactions/insights/highest-invoices?limit=10000")
                .body()
                .contains("\"A1\""));
        relay.fix();
        awaitAll();
        assertSame(STAR);
        patiently().until(() -> !health().contains("Redshift"));
    }

    @Test
    void what_is_wrong_is_said_in_health_in_words_and_nothing_is_lost() throws Exception {
        server.refuseRequests("AccessDeniedException");
        post(line("H1", "denied", "1"));
        awaitHealth("The current credentials may not use the Redshift database dev of the workgroup analysts"
                + " (redshift-data:");
        server.refuseRequests("");
        awaitAll();
        server.execute("ALTER TABLE warehouse.dim_date RENAME TO dim_days");
        post(line("H2", "missing", "1"));
        awaitHealth("a statement failed: Query #");
        assertThat(health()).contains("warehouse.dim_date").doesNotContain("Exception", "\\n");
        server.execute("ALTER TABLE warehouse.dim_days RENAME TO dim_date");
        awaitAll();
        assertSame(STAR);
    }

    @Test
    void a_warehouse_that_was_put_back_to_an_earlier_state_is_refused_instead_of_getting_a_gap() throws Exception {
        awaitAll();
        server.execute("UPDATE warehouse.loaded_rows SET position = position - 1");
        post(lines("G", 9));
        awaitHealth("Rows that were brought into the warehouse before are not in the schema warehouse of the Redshift");
        server.execute("UPDATE warehouse.loaded_rows SET position = position + 1");
        awaitAll();
        assertSame(STAR);
    }

    @Test
    void a_warehouse_without_the_rows_that_were_brought_into_another_one_is_refused() throws Exception {
        assertThatThrownBy(() -> warehouse(redshift.databaseUri(), "postgresql", "warehouse")
                        .prepare())
                .hasMessageStartingWith("Rows that arrived before are in redshift, and postgresql does not have them.")
                .hasMessageContaining("Set TRANSACTIONS_WAREHOUSE back, or call ./brigade rebuild transactions")
                .hasMessageEndingWith(
                        "Until then what arrives does not count in the answers to the business questions.");
        assertThatThrownBy(() ->
                        warehouse(redshift.databaseUri(), "redshift", "other").prepare())
                .hasMessageStartingWith("Rows that were brought into the warehouse before are not in the schema other");
        assertThatThrownBy(() ->
                        warehouse(postgresql.databaseUri(), "redshift", "other").prepare())
                .hasMessageStartingWith("Rows that arrived before are in postgresql, and redshift does not have them.");
    }

    @Test
    void a_schema_that_holds_what_arrived_at_another_database_is_refused() throws Exception {
        String other = TestDatabase.newUriWithTables();
        execute(other, "UPDATE transactions.store SET log = gen_random_uuid()");
        assertThatThrownBy(() -> warehouse(other, "redshift", "warehouse").prepare())
                .hasMessage(
                        "In the schema warehouse of the Redshift database dev of the workgroup analysts is what arrived at another"
                                + " database. Name another schema (TRANSACTIONS_REDSHIFT_SCHEMA).");
    }

    @Test
    void a_warehouse_in_Redshift_that_nobody_has_filled_may_be_given_up_again() throws Exception {
        String uri = TestDatabase.newUriWithTables();
        warehouse(uri, "redshift", "given_up").prepare();
        execute(uri, "INSERT INTO brigade.stream_readers VALUES ('transactions', 'redshift', 0)");
        warehouse(uri, "postgresql", "given_up").prepare();
        assertThat(ask(database(uri).getConnection(), "SELECT reader FROM brigade.stream_readers"))
                .isEmpty();
    }

    @Test
    void doctor_tries_the_database_and_the_bucket(@TempDir Path folder) {
        Map<String, String> environment = settings();
        environment.put("BRIGADE_DATA", folder.toString());
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        environment.put("BRIGADE_DATABASE_URL", TestDatabase.newUri());
        assertThat(CommandResult.of(environment, "doctor").out())
                .contains(
                        "ok       TRANSACTIONS_WAREHOUSE: the Redshift database dev of the workgroup analysts answers\n",
                        "ok       TRANSACTIONS_REDSHIFT_STAGING (s3://" + bucket
                                + "/staging) can be written, and files there be deleted\n");
        environment.put("TRANSACTIONS_REDSHIFT_WORKGROUP", "nobody");
        environment.put("TRANSACTIONS_REDSHIFT_STAGING", "s3://no-such-bucket-here/staging");
        CommandResult wrong = CommandResult.of(environment, "doctor");
        assertThat(wrong.out())
                .contains(
                        "failed   TRANSACTIONS_WAREHOUSE: There is no such place as the Redshift database dev of the workgroup nobody",
                        "failed   TRANSACTIONS_REDSHIFT_STAGING: ");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(buckets
                        .client()
                        .listObjectsV2(request -> request.bucket(bucket).prefix("staging/brigade-"))
                        .contents()
                        .stream()
                        .filter(object -> object.size() == 0))
                .isEmpty();
    }

    @Test
    void a_place_that_does_not_exist_is_said_in_words() {
        assertThatThrownBy(() -> tables("nobody", "warehouse").prepare("log", Map.of()))
                .hasMessage(
                        "There is no such place as the Redshift database dev of the workgroup nobody, or it can't be used so (Redshift"
                                + " endpoint doesn't exist in this region). Check the names of workgroup or cluster, database, user and secret, and"
                                + " AWS_REGION.");
    }

    @Test
    void files_are_not_loaded_straight_into_Redshift() throws Exception {
        assertThatThrownBy(() -> warehouse(redshift.databaseUri(), "redshift", "warehouse")
                        .requireFiles())
                .hasMessage(
                        "Files are loaded straight into PostgreSQL only, and TRANSACTIONS_WAREHOUSE is redshift. Send the file"
                                + " instead: ./brigade send FILE URL.");
        warehouse(postgresql.databaseUri(), "postgresql", "warehouse").requireFiles();
    }

    @Test
    void what_killed_processes_have_left_in_the_bucket_is_removed_and_nothing_else() throws Exception {
        String name = "brigade-5dbb9a0c-0000-0000-0000-00000000000%d.json.gz";
        List<String> keys = List.of(
                "left/" + name.formatted(1), "left/" + name.formatted(2), "left/brigade-mine.json.gz", "left/other");
        for (String key : keys) {
            buckets.put(bucket, key, "text");
            if (!key.equals(keys.get(1))) {
                Files.setLastModifiedTime(
                        buckets.folder(bucket).resolve(key),
                        FileTime.from(Instant.now().minus(Duration.ofHours(3))));
            }
        }
        tables(TestRedshift.WORKGROUP, "warehouse").tidy();
        assertThat(buckets.client()
                        .listObjectsV2(request -> request.bucket(bucket).prefix("left/"))
                        .contents())
                .extracting(object -> object.key())
                .containsExactlyInAnyOrderElementsOf(keys.subList(1, 4));
    }

    @Test
    void a_rebuild_fills_an_empty_schema_from_the_archive_alone(@TempDir Path own) throws Exception {
        awaitAll();
        patiently().until(() -> redshift.ask("SELECT (SELECT sum(position) FROM brigade.stream_partitions)"
                        + " - (SELECT sum(last - first + 1) FROM brigade.stream_archive WHERE written_at IS NOT NULL)")
                .equals("0"));
        Map<String, String> lost = settings();
        lost.put("BRIGADE_DATA", own.toString());
        lost.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        lost.put("BRIGADE_DATABASE_URL", TestDatabase.newUriWithTables());
        lost.put("TRANSACTIONS_ARCHIVE", data.resolve("transactions/raw").toString());
        assertThat(CommandResult.of(lost, "rebuild", "transactions").err())
                .contains(
                        "There are rows in the schema warehouse of the Redshift database dev",
                        "DROP SCHEMA warehouse CASCADE");
        lost.put("TRANSACTIONS_REDSHIFT_SCHEMA", "rebuilt");
        CommandResult rebuilt = CommandResult.of(lost, "rebuild", "transactions");
        assertThat(rebuilt.out()).as(rebuilt.err()).contains("All rows of the archive are in the tables.");
        for (String question : STAR) {
            assertThat(ask(server.connect(), question.replace("warehouse.", "rebuilt.")))
                    .isEqualTo(ask(server.connect(), question));
        }
    }
}
