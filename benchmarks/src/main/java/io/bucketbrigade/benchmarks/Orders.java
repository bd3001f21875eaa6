package io.bucketbrigade.benchmarks;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.OneShot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Five million orders, as many shipments and two million reviews into committed results, beside psql's copy of the files into the
 * same tables and the same SQL: with keys and foreign keys checked row by row, and with them dropped before and created again.
 */
final class Orders {
    private static final int ORDERS = 5_000_000;
    private static final int REVIEWS = 2_000_000;
    private static final int REPETITIONS = 3;
    private static final List<String> RESULTS =
            List.of("agg_public_holiday", "agg_shipments", "best_performing_product");
    private static final String LOAD = """
            \\copy staging.orders (order_id, customer_id, order_date, product_id, unit_price, quantity, total_price) from '%1$s/orders.csv' (format csv, header)
            \\copy staging.reviews (review, product_id) from '%1$s/reviews.csv' (format csv, header)
            \\copy staging.shipment_deliveries (shipment_id, order_id, shipment_date, delivery_date) from '%1$s/shipment_deliveries.csv' (format csv, header)
            """;
    private static final String DROP_CONSTRAINTS = """
            ALTER TABLE staging.shipment_deliveries DROP CONSTRAINT shipment_deliveries_order_id_fkey, DROP CONSTRAINT shipment_deliveries_pkey;
            ALTER TABLE staging.reviews DROP CONSTRAINT reviews_product_id_fkey;
            ALTER TABLE staging.orders DROP CONSTRAINT orders_product_id_fkey, DROP CONSTRAINT orders_pkey;
            """;
    private static final String ADD_CONSTRAINTS = """
            ALTER TABLE staging.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (order_id), ADD CONSTRAINT orders_product_id_fkey FOREIGN KEY (product_id) REFERENCES if_common.dim_products;
            ALTER TABLE staging.reviews ADD CONSTRAINT reviews_product_id_fkey FOREIGN KEY (product_id) REFERENCES if_common.dim_products;
            ALTER TABLE staging.shipment_deliveries ADD CONSTRAINT shipment_deliveries_pkey PRIMARY KEY (shipment_id), ADD CONSTRAINT shipment_deliveries_order_id_fkey FOREIGN KEY (order_id) REFERENCES staging.orders;
            """;

    private Orders() {}

    static void measure(Report report, Path home, Path data) throws Exception {
        Path files = OrdersData.files(data, ORDERS, REVIEWS);
        Path folder = data.resolve("orders-run");
        Ours.remove(folder);
        Files.createDirectories(folder);
        int port = Service.freePort();
        try (Database ours = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), port))) {
            ours.migrate(null);
            execute(ours, "CREATE DATABASE twin");
            DatabaseAddress address = DatabaseAddress.parse("postgresql://postgres@localhost:" + port + "/twin", "", "");
            try (Database twin = Database.connect(address);
                    OneShot camel = camel(home, files, folder, ours)) {
                twin.migrate(null);
                run(camel, ours, files);
                copyReference(ours, twin);
                List<String> checked = psql(port, script(home, folder, "checked.sql", LOAD.formatted(files)));
                List<String> withoutConstraints =
                        psql(port, script(home, folder, "without-constraints.sql", DROP_CONSTRAINTS + LOAD.formatted(files) + ADD_CONSTRAINTS));
                Map<String, Figures> figures = new Alternating()
                        .with("Bucket Brigade", REPETITIONS, () -> run(camel, ours, files))
                        .with("psql: \\copy into the same tables, and the same SQL", REPETITIONS, () -> Processes.print(checked))
                        .with("psql: the same, constraints dropped and created again", REPETITIONS, () -> Processes.print(withoutConstraints))
                        .run(0);
                same(ours, twin);
                report.section(
                        "Orders: 5 M orders, 5 M shipments and 2 M reviews into committed results",
                        "What | median s | least s | most s");
                figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
                double median = figures.get("Bucket Brigade").median();
                report.line("");
                report.table("Target | value | | |");
                report.line(
                        "| Bucket Brigade / psql into the same tables | %s |",
                        Report.verdict(
                                median
                                        / figures.get("psql: \\copy into the same tables, and the same SQL")
                                                .median(),
                                1.3));
                report.line(
                        "| Bucket Brigade / psql, constraints off and on again | %s |",
                        Report.verdict(
                                median
                                        / figures.get("psql: the same, constraints dropped and created again")
                                                .median(),
                                1.3));
            }
        }
    }

    private static OneShot camel(Path home, Path files, Path folder, Database database) throws Exception {
        Settings settings = SettingsLoader.load(
                home,
                folder,
                Map.of(
                        "BRIGADE_DATA", folder.toString(),
                        "BRIGADE_SETTLE", "1ms",
                        "BRIGADE_POLL", "1h",
                        "ORDERS_RAW", files.toString(),
                        "ORDERS_QUIET", "1ms",
                        "ORDERS_HOLIDAYS", "US",
                        "ORDERS_REFERENCE_DATE", OrdersData.TODAY.toString(),
                        "ORDERS_RUNS_PER_DAY", "100000"),
                Map.of());
        return new OneShot(settings, "orders", List.of("orders"), List.of(), database);
    }

    /** A new time makes the files new ones. */
    private static void run(OneShot camel, Database database, Path files) throws Exception {
        Files.setLastModifiedTime(files.resolve("orders.csv"), FileTime.from(Instant.now()));
        camel.call("claim:orders", "benchmark", Map.of());
        String state = ask(database, "SELECT state || ' ' || coalesce(error, '') FROM brigade.runs ORDER BY run_id DESC LIMIT 1");
        if (!state.startsWith("succeeded")) {
            throw new IllegalStateException("the run " + state);
        }
    }

    /** The days and products, which psql is not asked to make. */
    private static void copyReference(Database ours, Database twin) throws Exception {
        for (String table : List.of("if_common.dim_dates", "if_common.dim_products")) {
            try (Connection from = ours.pool().getConnection();
                    Statement select = from.createStatement();
                    ResultSet row = select.executeQuery("SELECT string_agg(quote_literal(t::text), ',') FROM " + table + " t")) {
                row.next();
                execute(twin, "INSERT INTO " + table + " SELECT (text::" + table + ").* FROM unnest(ARRAY[" + row.getString(1) + "]) AS text");
            }
        }
    }

    private static Path script(Path home, Path folder, String name, String load) throws Exception {
        StringBuilder script = new StringBuilder("TRUNCATE staging.orders, staging.reviews, staging.shipment_deliveries;\n" + load);
        for (String result : RESULTS) {
            script.append(Files.readString(home.resolve("routes/orders/" + result + ".sql"))
                            .replace(":#${variable.today}", "'" + OrdersData.TODAY + "'"))
                    .append('\n');
        }
        return Files.writeString(folder.resolve(name), script);
    }

    private static List<String> psql(int port, Path script) {
        return List.of(
                "psql", "-q", "-h", "localhost", "-p", Integer.toString(port), "-U", "postgres", "-d", "twin", "-v",
                "ON_ERROR_STOP=1", "-1", "-f", script.toString());
    }

    private static void same(Database ours, Database twin) throws Exception {
        for (String result : RESULTS) {
            String question = "SELECT string_agg(t::text, ' ') FROM analytics." + result + " t";
            if (!ask(ours, question).equals(ask(twin, question))) {
                throw new IllegalStateException(
                        result + " differs: " + ask(ours, question) + " and " + ask(twin, question));
            }
        }
    }

    private static String ask(Database database, String question) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            return row.next() ? String.valueOf(row.getString(1)) : "none";
        }
    }

    private static void execute(Database database, String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
