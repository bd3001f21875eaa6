package io.bucketbrigade.benchmarks;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.OneShot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of sales into store and warehouse by the product's route, beside psql, which copies the same rows, prepared for each table, into
 * the same tables and then runs the same rollups, one statement for each. Tables are empty and checkpointed before each repetition. Both
 * are one transaction, with as much memory for sorting.
 */
final class BulkImport {
    private static final int REPETITIONS = Integer.parseInt(System.getenv().getOrDefault("BENCHMARK_REPETITIONS", "3"));
    private static final String TABLES =
            "transactions.invoice_lines, transactions.invoices, transactions.customers, warehouse.fact_sales, warehouse.dim_date,"
                    + " warehouse.dim_product, warehouse.dim_customer, warehouse.dim_country, warehouse.sales_by_hour, warehouse.product_by_hour,"
                    + " warehouse.product_by_day, warehouse.invoice_totals";
    private static final String COPY = """
            SET LOCAL work_mem = '64MB';
            \\copy transactions.invoice_lines (invoice_no, source, position, stock_code, description, quantity, invoice_date, unit_price, customer_id, country) from '%1$s/lines.csv' (format csv)
            \\copy warehouse.fact_sales (source, position, invoice_no, stock_code, customer_id, country, day, sold_at, quantity, unit_price, amount, is_sale) from '%1$s/facts.csv' (format csv)
            """;
    private static final String ROWS = """
            (SELECT source AS _partition, position AS _position, invoice_no AS "InvoiceNo", stock_code AS "StockCode", description AS "Description",
                    quantity AS "Quantity", invoice_date AS "InvoiceDate", unit_price AS "UnitPrice", customer_id AS "CustomerID", country AS "Country"
             FROM transactions.invoice_lines WHERE source = %d) AS row
            """.formatted(SalesData.SOURCE);
    private static final Pattern RECORDS = Pattern.compile("json_to_recordset\\(.*?AS row \\(.*?text\\)\n", Pattern.DOTALL);

    private BulkImport() {}

    static void measure(Report report, Path home, Path data) throws Exception {
        long rows = Long.parseLong(System.getenv().getOrDefault("BENCHMARK_SALES", "20000000"));
        Path files = SalesData.files(data, rows);
        Path folder = data.resolve("sales-run");
        Ours.remove(folder);
        Path bulk = Files.createDirectories(folder.resolve("bulk"));
        int port = Service.freePort();
        try (Database ours = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), port))) {
            ours.migrate(List.of(home.resolve("routes")));
            execute(ours, "CREATE DATABASE twin");
            DatabaseAddress address = DatabaseAddress.parse("postgresql://postgres@localhost:" + port + "/twin", "", "");
            try (Database twin = Database.connect(address);
                    OneShot camel = camel(home, bulk, folder, ours)) {
                twin.migrate(List.of(home.resolve("routes")));
                List<String> script = psql(port, Files.writeString(folder.resolve("twin.sql"), script(home, files)));
                Map<String, Figures> figures = new Alternating()
                        .measuring("Bucket Brigade", REPETITIONS, prepared(ours, () -> run(camel, ours, files, bulk, rows)))
                        .measuring("psql: \\copy into the same tables, and the same rollups", REPETITIONS, prepared(twin, () -> Processes.print(script)))
                        .run(0);
                same(ours, twin);
                report.section(
                        "Bulk import: %,d sales (%,d MB) into store and warehouse, repetitions: %d"
                                .formatted(rows, Files.size(files.resolve("sales.csv")) / 1_000_000, REPETITIONS),
                        "What | median s | least s | most s");
                figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
                report.line("");
                report.table("Target | value | | |");
                report.line(
                        "| Bucket Brigade / psql | %s |",
                        Report.verdict(
                                figures.get("Bucket Brigade").median()
                                        / figures.get("psql: \\copy into the same tables, and the same rollups")
                                                .median(),
                                1.2));
            }
        }
    }

    /** Empties the tables before the time is taken. */
    private static Callable<Double> prepared(Database database, Alternating.Task task) {
        return () -> {
            execute(database, "TRUNCATE brigade.loaded_files, brigade.stream_keys, " + TABLES);
            execute(database, "CHECKPOINT");
            long start = System.nanoTime();
            task.run();
            return (System.nanoTime() - start) / 1e9;
        };
    }

    private static OneShot camel(Path home, Path bulk, Path folder, Database database) throws Exception {
        Settings settings = SettingsLoader.load(
                home,
                folder,
                Map.of(
                        "BRIGADE_DATA", folder.toString(),
                        "BRIGADE_SETTLE", "0ms",
                        "BRIGADE_POLL", "1h",
                        "TRANSACTIONS_BULK", bulk.toString(),
                        "TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *"),
                Map.of());
        return new OneShot(settings, "transactions", List.of("transactions-bulk", "runs-heartbeat"), List.of(), database);
    }

    /** Moved into the folder, the file is a new one. */
    private static void run(OneShot camel, Database database, Path files, Path bulk, long rows) throws Exception {
        Path there = Files.move(files.resolve("sales.csv"), bulk.resolve("sales.csv"));
        try {
            camel.call("claim:transactions", "benchmark", Map.of());
        } finally {
            Files.move(there, files.resolve("sales.csv"));
        }
        String run = ask(database, "SELECT state || ' ' || coalesce(error, rows_counted::text) FROM brigade.runs ORDER BY run_id DESC LIMIT 1");
        if (!run.equals("succeeded " + rows)) {
            throw new IllegalStateException("the run " + run);
        }
    }

    /** The rollups of the readers, each as a statement of its own. */
    private static String script(Path home, Path files) throws Exception {
        StringBuilder script = new StringBuilder(COPY.formatted(files));
        for (String file : List.of("warehouse.sql", "store.sql")) {
            String text = Files.readString(home.resolve("routes/transactions/" + file)).replaceAll("(?m)^--.*\n", "");
            String[] parts = RECORDS.matcher(text).replaceFirst(Matcher.quoteReplacement(ROWS)).split("\n\\),\n|\n\\)\n(?=INSERT)");
            String with = parts[0].replace("AS MATERIALIZED (", "AS (") + "\n)";
            String before = "";
            for (int at = 1; at < parts.length; at++) {
                String part = parts[at];
                if (part.startsWith("facts AS") || part.startsWith("lines AS")) {
                    continue;
                }
                if (part.startsWith("after AS")) {
                    before = ", " + part + ")";
                    continue;
                }
                script.append(with).append(before).append('\n').append(part.replaceFirst("^\\w+ AS \\(", "")).append(";\n");
            }
        }
        return script.toString();
    }

    private static List<String> psql(int port, Path script) {
        return List.of(
                "psql", "-q", "-h", "localhost", "-p", Integer.toString(port), "-U", "postgres", "-d", "twin", "-v",
                "ON_ERROR_STOP=1", "-1", "-f", script.toString());
    }

    /** Whether both tables hold the same rows, apart from where these came from. */
    private static void same(Database ours, Database twin) throws Exception {
        for (String table : TABLES.split(", ")) {
            Map<String, String> found = new TreeMap<>();
            for (Database database : List.of(ours, twin)) {
                String columns = ask(
                        database,
                        "SELECT string_agg(CASE WHEN data_type = 'numeric' THEN 'trim_scale(' || column_name || ')' ELSE column_name END, ', ' ORDER BY ordinal_position)"
                                + " FROM information_schema.columns WHERE table_schema || '.' || table_name = '" + table
                                + "' AND column_name NOT IN ('source', 'position', 'counted_before')");
                found.put(
                        database == ours ? "ours" : "twin",
                        ask(database, "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM (SELECT " + columns + " FROM " + table + ") AS t"));
            }
            if (!String.valueOf(found.get("ours")).equals(found.get("twin"))) {
                throw new IllegalStateException(table + " differs: " + found);
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
