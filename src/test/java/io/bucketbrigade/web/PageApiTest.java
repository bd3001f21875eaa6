package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The calls that the page lives on. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path folder;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path own) throws Exception {
        folder = own;
        service = new TestService(folder, Map.of());
        Files.createDirectories(service.result());
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private HttpResponse<String> feed(String name, String text) throws Exception {
        Path file = Files.writeString(service.result().resolve(name), text);
        return service.post("/feed", "{\"data_path\": \"" + file + "\"}", "Content-Type", "application/json");
    }

    @Test
    void a_file_of_the_page_is_not_loaded_again_while_it_stays_the_same() throws Exception {
        HttpResponse<String> library = service.get("/page/charts.js");
        assertThat(library.body()).contains("Chart.js v4.5.1");
        String tag = library.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = service.get("/page/charts.js", "If-None-Match", tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(service.get("/page/app.js", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @Test
    void events_tell_how_things_stand_at_once_and_when_that_changes() throws Exception {
        feed("one.csv", "user_id,messages,name\n1,5,a\n");
        HttpResponse<InputStream> stream =
                HttpClient.newHttpClient().send(service.request("/events").build(), BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            long first = succeeded(lines);
            HttpResponse<String> fed = feed("two.csv", "user_id,messages,name\n1,6,a\n");
            long second = JSON.readTree(fed.body()).path("run_id").asLong();
            assertThat(second).isGreaterThan(first);
            long seen = first;
            while (seen < second) {
                seen = succeeded(lines);
            }
            assertThat(seen).isEqualTo(second);
        }
    }

    private static long succeeded(BufferedReader lines) throws Exception {
        assertThat(lines.readLine()).isEqualTo("event: state");
        String data = lines.readLine();
        assertThat(lines.readLine()).isEmpty();
        return JSON.readTree(data.substring("data: ".length()))
                .path("succeeded")
                .path("leaderboard")
                .asLong();
    }

    @Test
    void moves_say_who_went_up_and_down_since_the_run_before() throws Exception {
        feed("one.csv", "user_id,messages,name\n1,5,a\n2,4,b\n3,3,c\n");
        feed("two.csv", "user_id,messages,name\n3,9,c\n1,5,a\n4,4,d\n2,1,b\n");
        JsonNode moves = JSON.readTree(service.get("/leaderboard/moves").body());
        assertThat(moves.path("moves")).hasToString("[2,-1,null,-2]");
        assertThat(moves.path("since_run_id").asLong())
                .isEqualTo(moves.path("run_id").asLong() - 1);
        assertThat(JSON.readTree(service.get("/leaderboard/moves?offset=1&limit=2")
                                .body())
                        .path("moves"))
                .hasToString("[-1,null]");
    }

    @Test
    void files_of_every_pipeline_are_listed_shown_and_received() throws Exception {
        JsonNode listing = JSON.readTree(service.get("/raw/orders").body());
        assertThat(listing.path("files").findValuesAsText("file"))
                .containsExactly(
                        "dim_dates.csv", "dim_products.csv", "orders.csv", "reviews.csv", "shipment_deliveries.csv");
        assertThat(listing.path("files").get(0).path("optional").asBoolean()).isTrue();
        assertThat(put("/raw/orders/reviews.csv", "review,product_id\n5,7\n4,7\n")
                        .statusCode())
                .isEqualTo(200);
        JsonNode page = JSON.readTree(service.get("/raw/orders/reviews.csv").body());
        assertThat(page.path("rows").asInt()).isEqualTo(2);
        assertThat(page.path("data").get(1).path("fields")).hasToString("[\"4\",\"7\"]");
        assertThat(put("/raw/orders/reviews.csv", "review\n5\n").statusCode()).isEqualTo(422);
    }

    @Test
    void what_is_no_table_is_only_listed_and_what_no_pipeline_reads_is_said_to_be_so() throws Exception {
        JsonNode index =
                JSON.readTree(service.get("/raw/stocks").body()).path("files").get(0);
        assertThat(index.path("file").asText()).isEqualTo("CompanyNames/top_companies.txt");
        assertThat(index.path("columns")).isEmpty();
        assertThat(service.get("/raw/nothing").body())
                .contains(
                        "There is no pipeline 'nothing' that reads files. There are: leaderboard, stocks, orders, transactions, city-requests.");
        HttpResponse<String> other = put("/raw/orders/messages.csv", "a\n");
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body()).contains("messages.csv is not an input of orders. Use dim_dates.csv or ");
    }

    private HttpResponse<String> put(String path, String text) throws Exception {
        return service.send(service.request(path).PUT(HttpRequest.BodyPublishers.ofString(text)));
    }

    @Test
    void the_wanted_files_and_the_files_that_exist_are_listed() throws Exception {
        JsonNode listing = JSON.readTree(service.get("/raw/leaderboard").body());
        assertThat(listing.path("upload_max").asLong()).isEqualTo(10L << 30);
        assertThat(listing.path("files").findValuesAsText("file")).containsExactly("messages.csv", "users.csv");
        assertThat(listing.path("files").get(1).path("columns"))
                .hasToString("[\"user_id\",\"first_name\",\"last_name\"]");
        assertThat(listing.path("files").get(0).path("size").isNull()).isTrue();
        assertThat(listing.path("files").get(0).path("hint").isNull()).isTrue();

        Path misnamed = Files.writeString(service.raw().resolve("Messages (1).csv"), "");
        await().untilAsserted(() -> assertThat(
                        JSON.readTree(service.get("/raw/leaderboard").body())
                                .path("files")
                                .findValuesAsText("hint"))
                .containsExactly(
                        "Messages (1).csv is there: if that is the right file, rename it to messages.csv", "null"));
        Files.delete(misnamed);
    }
}
