package io.bucketbrigade.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bucketbrigade.database.DatabaseAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the Data API of Redshift, and runs the SQL in a database of PostgreSQL: one transaction for all statements of a batch, each of
 * which sees what was committed before its first one after the lock. COPY reads from the S3 server of the tests. It refuses what the Data API
 * refuses, and SQL that Redshift does not know. What a real Redshift does besides is not seen here.
 */
public final class TestRedshift implements AutoCloseable {
    /** As it is written in the settings. */
    public static final String WORKGROUP = "analysts";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_STATEMENTS = 40;
    private static final int LARGEST_STATEMENT = 100_000;
    private static final Pattern UNKNOWN_TO_REDSHIFT = Pattern.compile(
            "ON CONFLICT|DISTINCT ON|FILTER \\(|\\bRETURNING\\b|\\bTRUNCATE\\b|isodow|generate_series|\\bMATERIALIZED\\b|\\bjson_",
            Pattern.CASE_INSENSITIVE);

    private final HttpServer server;
    private final String database = TestDatabase.newUri();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "redshift");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Submitted> submitted = new ConcurrentHashMap<>();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final List<List<String>> loads = new CopyOnWriteArrayList<>();
    private final AtomicReference<Runnable> beforeCommit = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> afterCommit = new AtomicReference<>(() -> {});
    private final RedshiftCopy copy;
    private volatile String refusal = "";

    public TestRedshift(TestBuckets buckets) throws Exception {
        copy = new RedshiftCopy(buckets, this::connect);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE sys_load_error_detail (file_name character(256), line_number bigint,"
                    + " column_name character(127), error_message character(512))");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A batch or a query that was accepted. */
    private static final class Submitted {
        private final ObjectNode rows = JSON.createObjectNode();
        private volatile String status = "SUBMITTED";
        private volatile String error = "";
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** A connection to the database behind it. */
    public Connection connect() throws SQLException {
        DatabaseAddress address = DatabaseAddress.parse(database, "", "");
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    /** One value of the database behind it. */
    public String ask(String question) throws SQLException {
        try (Connection connection = connect();
                Statement asking = connection.createStatement();
                ResultSet row = asking.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** Does something in the database behind it. */
    public void execute(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement doing = connection.createStatement()) {
            doing.execute(statement);
        }
    }

    /** The batches with a COPY that were committed. */
    public List<List<String>> loads() {
        return List.copyOf(loads);
    }

    /** Done once, when the next batch with a COPY is about to be committed. */
    public void beforeNextCommit(Runnable doing) {
        beforeCommit.set(doing);
    }

    /** Done once, when the next batch with a COPY is committed, before anybody knows. */
    public void afterNextCommit(Runnable doing) {
        afterCommit.set(doing);
    }

    /** From now on, COPY fails because of lines with that text; blank for none. */
    public void refuseLinesWith(String text) {
        copy.refuseLinesWith(text);
    }

    /** From now on, requests are refused with that code; blank to accept them again. */
    public void refuseRequests(String code) {
        refusal = code;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            ObjectNode answer = JSON.createObjectNode();
            int status = 200;
            try {
                answer = answer(target, request);
            } catch (IllegalArgumentException refused) {
                status = 400;
                String[] code = String.valueOf(refused.getMessage()).split(": ", 2);
                answer.put("__type", code[0]).put("Message", code[1]);
            }
            byte[] bytes = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private ObjectNode answer(String target, JsonNode request) {
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException(refusal + ": User: x is not authorized to perform: redshift-data:"
                    + target.substring("RedshiftData.".length()) + " on resource: y");
        }
        return switch (target) {
            case "RedshiftData.BatchExecuteStatement" -> {
                List<String> sqls = new ArrayList<>();
                request.path("Sqls").forEach(sql -> sqls.add(sql.asText()));
                yield submit(request, sqls);
            }
            case "RedshiftData.DescribeStatement" -> {
                Submitted found = find(request);
                ObjectNode state = JSON.createObjectNode()
                        .put("Id", request.path("Id").asText())
                        .put("Status", found.status);
                yield found.error.isEmpty() ? state : state.put("Error", found.error);
            }
            case "RedshiftData.GetStatementResult" -> find(request).rows;
            default -> throw new IllegalArgumentException("ValidationException: unknown action " + target);
        };
    }

    private Submitted find(JsonNode request) {
        // The rows of a batch are those of its first statement, whose id ends so.
        Submitted found = submitted.get(request.path("Id").asText().replaceFirst(":1$", ""));
        if (found == null) {
            throw new IllegalArgumentException("ResourceNotFoundException: Query does not exist.");
        }
        return found;
    }

    private ObjectNode submit(JsonNode request, List<String> sqls) {
        if (!request.path("WorkgroupName").asText().equals(WORKGROUP)) {
            throw new IllegalArgumentException("ValidationException: Redshift endpoint doesn't exist in this region.");
        }
        if (sqls.isEmpty()
                || sqls.size() > MOST_STATEMENTS
                || sqls.stream().anyMatch(sql -> sql.length() > LARGEST_STATEMENT)) {
            throw new IllegalArgumentException("ValidationException: too many statements, or too large ones");
        }
        String id = tokens.computeIfAbsent(request.path("ClientToken").asText(), first -> {
            String created = UUID.randomUUID().toString();
            Submitted work = new Submitted();
            submitted.put(created, work);
            threads.execute(() -> run(work, sqls));
            return created;
        });
        return JSON.createObjectNode().put("Id", id);
    }

    private void run(Submitted work, List<String> sqls) {
        work.status = "STARTED";
        boolean isLoad = sqls.stream().anyMatch(RedshiftCopy::isCopy);
        int number = 0;
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            for (String sql : sqls) {
                number++;
                run(connection, sql, work.rows);
            }
            if (isLoad) {
                beforeCommit.getAndSet(() -> {}).run();
            }
            connection.commit();
            if (isLoad) {
                loads.add(sqls);
                afterCommit.getAndSet(() -> {}).run();
            }
            work.status = "FINISHED";
        } catch (SQLException failed) {
            work.error = (sqls.size() == 1 ? "" : "Query #" + number + " failed with ") + failed.getMessage();
            work.status = "FAILED";
        }
    }

    private void run(Connection connection, String sql, ObjectNode result) throws SQLException {
        if (RedshiftCopy.isCopy(sql)) {
            copy.run(connection, sql);
            return;
        }
        if (UNKNOWN_TO_REDSHIFT.matcher(sql).find()) {
            throw new SQLException("ERROR: syntax error, in Redshift, in " + sql);
        }
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ArrayNode records = result.putArray("Records");
                try (ResultSet row = statement.getResultSet()) {
                    int columns = row.getMetaData().getColumnCount();
                    while (row.next()) {
                        ArrayNode record = records.addArray();
                        for (int column = 1; column <= columns; column++) {
                            record.add(field(row.getObject(column)));
                        }
                    }
                }
            }
        }
    }

    private static ObjectNode field(@Nullable Object value) {
        ObjectNode field = JSON.createObjectNode();
        if (value == null) {
            return field.put("isNull", true);
        }
        return value instanceof Number number
                ? field.put("longValue", number.longValue())
                : field.put("stringValue", value.toString());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
