package io.bucketbrigade.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The yardstick for POST /transactions: Vert.x alone with a group commit written by hand into a table like the log. It reads the JSON, and
 * checks nothing. Its one writer is the only one there is, so it takes positions from memory. PORT JDBC-URL TABLE.
 */
final class BareSales {
    private static final int PARTITIONS = 8;

    private BareSales() {}

    private record Sale(int partition, String json, HttpServerResponse response) {}

    public static void main(String[] arguments) throws Exception {
        BlockingQueue<Sale> queue = new LinkedBlockingQueue<>();
        Thread writer = new Thread(() -> write(arguments[1], arguments[2], queue));
        writer.start();
        ObjectMapper json = new ObjectMapper();
        Vertx.vertx()
                .deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start() {
                                vertx.createHttpServer()
                                        .requestHandler(request -> request.body().onSuccess(body -> {
                                            try {
                                                JsonNode row = json.readTree(body.getBytes());
                                                int partition =
                                                        Math.floorMod(row.get("InvoiceNo").asText().hashCode(), PARTITIONS);
                                                queue.add(new Sale(partition, row.toString(), request.response()));
                                            } catch (java.io.IOException notJson) {
                                                request.response().setStatusCode(400).end();
                                            }
                                        }))
                                        .listen(Integer.parseInt(arguments[0]), "127.0.0.1");
                            }
                        },
                        new DeploymentOptions().setInstances(2));
    }

    private static void write(String url, String table, BlockingQueue<Sale> queue) {
        try (Connection connection = DriverManager.getConnection(url)) {
            long[] positions = new long[PARTITIONS];
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT partition, max(position) FROM " + table + " GROUP BY 1")) {
                while (row.next()) {
                    positions[row.getInt(1)] = row.getLong(2);
                }
            }
            connection.setAutoCommit(false);
            PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
                    + " (partition, position, arrived, row) SELECT partition, position, now(), row"
                    + " FROM unnest(?::smallint[], ?::bigint[], ?::json[]) AS sent (partition, position, row)");
            List<Sale> group = new ArrayList<>();
            while (true) {
                group.add(queue.take());
                queue.drainTo(group, 2000);
                Object[] partitions = new Object[group.size()];
                Object[] numbers = new Object[group.size()];
                Object[] rows = new Object[group.size()];
                for (int at = 0; at < group.size(); at++) {
                    Sale sale = group.get(at);
                    partitions[at] = sale.partition();
                    numbers[at] = ++positions[sale.partition()];
                    rows[at] = sale.json();
                }
                Array[] columns = {
                    connection.createArrayOf("smallint", partitions),
                    connection.createArrayOf("bigint", numbers),
                    connection.createArrayOf("text", rows)
                };
                for (int column = 0; column < columns.length; column++) {
                    insert.setArray(column + 1, columns[column]);
                }
                insert.executeUpdate();
                connection.commit();
                group.forEach(sale -> sale.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{\"accepted\":1}"));
                group.clear();
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }
}
