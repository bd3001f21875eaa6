package io.bucketbrigade.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.BrigadeService;
import io.bucketbrigade.web.ContractFiles;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;

/** The service with folders, port and database of its own. */
public final class TestService implements AutoCloseable {
    public static final Path HOME = Path.of("").toAbsolutePath();
    public static final List<Path> ROUTES = List.of(HOME.resolve("routes"));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final int port = freePort();
    private final Map<String, String> variables;
    private String databaseUri;
    private BrigadeService service;
    private final HttpClient client = HttpClient.newHttpClient();

    public TestService(Path folder, Map<String, String> environment) throws Exception {
        this(folder, TestDatabase.newUriWithTables(), environment);
    }

    /** With a database that others use too. */
    public TestService(Path folder, String databaseUri, Map<String, String> environment) throws Exception {
        this.folder = folder;
        this.databaseUri = databaseUri;
        variables = new HashMap<>(environment);
        variables.put("BRIGADE_HTTP_PORT", Integer.toString(port));
        variables.putIfAbsent("BRIGADE_SETTLE", "200ms");
        variables.putIfAbsent("BRIGADE_POLL", "50ms");
        variables.put("BRIGADE_DATA", folder.toString());
        service = new BrigadeService(settings());
        service.start();
    }

    private Settings settings() {
        Map<String, String> all = new HashMap<>(variables);
        all.put("BRIGADE_DATABASE_URL", databaseUri);
        return SettingsLoader.load(HOME, folder, all, Map.of());
    }

    /** Starts it once more after it was closed, at the same address. */
    public void startAgain() throws Exception {
        service = new BrigadeService(settings());
        service.start();
    }

    /** The same, with another database. */
    public void startAgain(String otherDatabase) throws Exception {
        databaseUri = otherDatabase;
        startAgain();
    }

    /** From now on, changed routes take effect at once. */
    public void reloadChanges() throws IOException {
        service.reloadChanges();
    }

    public int port() {
        return port;
    }

    /** The paths of the contract that the program has, by the files it is written in. */
    public static JsonNode contractPaths() throws IOException {
        String contract =
                new ContractFiles(List.of(HOME.resolve("routes"))).contract().json();
        return new ObjectMapper().readTree(contract).path("paths");
    }

    /** Does something in its database. */
    public void execute(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement doing = connection.createStatement()) {
            doing.execute(statement);
        }
    }

    /** Asks its database for one value. */
    public String ask(String question) throws SQLException {
        try (Connection connection = connect();
                Statement asking = connection.createStatement();
                ResultSet row = asking.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** A connection to its database. */
    public Connection connect() throws SQLException {
        DatabaseAddress address = DatabaseAddress.parse(databaseUri, "", "");
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path raw() {
        return folder.resolve("leaderboard/raw");
    }

    public Path result() {
        return folder.resolve("leaderboard/result");
    }

    public CamelContext context() {
        return service.context();
    }

    public String databaseUri() {
        return databaseUri;
    }

    /** Puts a file into the raw folder in one step, as a careful writer does. */
    public void drop(String name, String text) throws IOException {
        Files.createDirectories(raw());
        Path beside = folder.resolve(name + ".new");
        Files.writeString(beside, text);
        Files.move(beside, raw().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(request(path, headers).GET());
    }

    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    public String address(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address(path)));
        return headers.length == 0 ? request : request.headers(headers);
    }

    public String board() throws Exception {
        return get("/leaderboard").body();
    }

    /** Waits until the board has a text in it. */
    public void awaitBoard(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(board()).contains(text));
    }

    /** The latest runs of all pipelines, the latest first, as the API shows them. */
    public JsonNode runs() throws Exception {
        return new ObjectMapper().readTree(get("/runs").body()).path("runs");
    }

    public JsonNode latestRun() throws Exception {
        return runs().path(0);
    }

    public JsonNode latestRun(String pipeline) throws Exception {
        return new ObjectMapper()
                .readTree(get("/runs?pipeline=" + pipeline).body())
                .path("runs")
                .path(0);
    }

    /** Waits until a pipeline's latest run, which has at least that number, ended so. */
    public JsonNode awaitRun(String pipeline, long id, String state) {
        return await().atMost(PATIENCE)
                .until(
                        () -> latestRun(pipeline),
                        run -> run.path("id").asLong() >= id
                                && run.path("state").asText().equals(state));
    }

    @Override
    public void close() {
        service.close();
    }
}
