package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.RawCall;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalog at /iceberg, called as Iceberg's REST protocol says. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestCatalogTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] KEY = {"Authorization", "Bearer the-right-key"};
    private static final String TABLES = "/iceberg/v1/namespaces/city_requests/tables";

    private TestService service;
    private Path metadata = Path.of("");

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        service = new TestService(folder, Map.of("BRIGADE_API_KEY", "the-right-key"));
        Path lake = Files.createDirectories(folder.resolve("city-requests/lake"));
        metadata = Files.writeString(lake.resolve("v1.metadata.json"), "{\"format-version\" : 2}");
        Files.writeString(lake.resolve("garbage.metadata.json"), "{\"format-version\" : 2}}");
        Files.writeString(lake.resolve("text.metadata.json"), "\"text\"");
        Files.writeString(lake.resolve("empty.metadata.json"), "");
        Files.writeString(folder.resolve("outside.metadata.json"), "{}");
        for (String file : List.of("v1", "lost", "garbage", "text", "empty")) {
            insert("city_requests", file, "'file://" + lake + "/" + file + ".metadata.json'");
        }
        insert("city_requests", "outside", "'file://" + folder + "/outside.metadata.json'");
        insert("city_requests", "above", "'file://" + lake + "/../outside.metadata.json'");
        insert("city_requests", "users", "'file:///etc/passwd'");
        insert("city_requests", "bucket", "'s3://nobucket/v1.metadata.json'");
        insert("city_requests", "blank", "''");
        insert("city_requests", "nothing", "NULL");
        insert("foreign", "v1", "'file://" + metadata + "'");
        service.execute(
                "INSERT INTO lake.iceberg_tables VALUES ('another', 'theirs', 'two', 'file:///x', NULL, 'TABLE')");
    }

    private void insert(String namespace, String table, String pointer) throws SQLException {
        service.execute("INSERT INTO lake.iceberg_tables VALUES ('brigade', '" + namespace + "', '" + table + "', "
                + pointer + ", NULL, 'TABLE')");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = service.get(path, KEY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        return JSON.readTree(answer.body());
    }

    private static void assertError(HttpResponse<String> answer, int status, String type, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        ErrorResponse error = ErrorResponseParser.fromJson(answer.body());
        assertThat(error.code()).isEqualTo(status);
        assertThat(error.type()).isEqualTo(type);
        assertThat(error.message()).contains(words);
    }

    @Test
    void a_client_finds_a_table_from_the_configuration_on() throws Exception {
        assertThat(get("/iceberg/v1/config?warehouse=x").path("endpoints"))
                .extracting(JsonNode::asText)
                .contains("GET /v1/{prefix}/namespaces/{namespace}/tables/{table}")
                .allMatch(endpoint -> endpoint.startsWith("GET ") || endpoint.startsWith("HEAD "));
        assertThat(get("/iceberg/v1/namespaces?pageToken=").toString())
                .isEqualTo("{\"namespaces\":[[\"city_requests\"]]}");
        assertThat(get("/iceberg/v1/namespaces?parent=city_requests").toString())
                .isEqualTo("{\"namespaces\":[]}");
        assertThat(get("/iceberg/v1/namespaces/city_requests").path("namespace").toString())
                .isEqualTo("[\"city_requests\"]");
        assertThat(get(TABLES).path("identifiers"))
                .extracting(table ->
                        table.path("namespace").toString() + table.path("name").asText())
                .contains("[\"city_requests\"]lost", "[\"city_requests\"]v1");
        assertThat(service.get(TABLES + "/v1?snapshots=refs", KEY).body())
                .isEqualTo("{\"metadata-location\":\"file://" + metadata
                        + "\",\"metadata\":{\"format-version\" : 2},\"config\":{}}");
    }

    @ParameterizedTest
    @CsvSource({
        "/iceberg/v1/namespaces/none,NoSuchNamespaceException,no namespace none",
        "/iceberg/v1/namespaces/theirs,NoSuchNamespaceException,no namespace theirs",
        "/iceberg/v1/namespaces/city%1Frequests,NoSuchNamespaceException,no namespace",
        "/iceberg/v1/namespaces/none/tables,NoSuchNamespaceException,no namespace none",
        "/iceberg/v1/namespaces?parent=none,NoSuchNamespaceException,no namespace none",
        "/iceberg/v1/namespaces/city_requests/tables/none,NoSuchTableException,no table city_requests.none",
        "/iceberg/v1/namespaces/foreign,NoSuchNamespaceException,no namespace foreign",
        "/iceberg/v1/namespaces/foreign/tables,NoSuchNamespaceException,no namespace foreign",
        "/iceberg/v1/namespaces/foreign/tables/v1,NoSuchTableException,no table foreign.v1",
        "/iceberg/v1/namespaces/theirs/tables/two,NoSuchTableException,no table theirs.two",
        "/iceberg/v1/views,NotFoundException,There is nothing at /iceberg/v1/views"
    })
    void what_is_missing_is_said_as_the_protocol_says_it(String path, String type, String words) throws Exception {
        assertError(service.get(path, KEY), 404, type, words);
        assertThat(RawCall.send(service.port(), "HEAD", path, "", "Authorization: Bearer the-right-key")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whether_something_is_there_is_answered_without_a_body() throws Exception {
        for (String path : new String[] {"/iceberg/v1/namespaces/city_requests", TABLES + "/v1"}) {
            RawCall.Answer answer =
                    RawCall.send(service.port(), "HEAD", path, "", "Authorization: Bearer the-right-key");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/iceberg/v1/namespaces",
        "DELETE,/iceberg/v1/namespaces/city_requests",
        "POST,/iceberg/v1/namespaces/city_requests/tables",
        "POST,/iceberg/v1/namespaces/city_requests/tables/v1",
        "DELETE,/iceberg/v1/namespaces/city_requests/tables/v1"
    })
    void who_wants_to_write_is_refused_in_words(String method, String path) throws Exception {
        HttpResponse<String> answer =
                service.send(service.request(path, KEY).method(method, HttpRequest.BodyPublishers.ofString("{}")));
        assertError(answer, 405, "UnsupportedOperationException", "This catalog is read-only");
    }

    @Test
    void who_has_no_key_or_asks_for_what_is_unknown_is_refused_as_the_protocol_says() throws Exception {
        assertError(service.get(TABLES + "/v1"), 403, "ForbiddenException", "needs the key");
        assertError(service.get(TABLES + "/v1?x=1", KEY), 400, "BadRequestException", "parameter x is not known");
    }

    @ParameterizedTest
    @CsvSource({
        "lost,its file lost.metadata.json is missing",
        "garbage,its metadata file garbage.metadata.json is damaged",
        "text,its metadata file text.metadata.json is damaged",
        "empty,its metadata file empty.metadata.json is damaged",
        "outside,is not in the lake",
        "above,is not in the lake",
        "users,is not in the lake",
        "bucket,is not in the lake",
        "blank,names no metadata file",
        "nothing,names no metadata file"
    })
    void what_is_no_metadata_in_the_lake_is_never_handed_out(String table, String words) throws Exception {
        HttpResponse<String> answer = service.get(TABLES + "/" + table, KEY);
        assertError(answer, 503, "ServiceUnavailableException", words);
        assertThat(answer.body()).contains("city_requests." + table).doesNotContain("file:/", "root:", "s3://");
    }
}
