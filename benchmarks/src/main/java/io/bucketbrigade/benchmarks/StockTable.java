package io.bucketbrigade.benchmarks;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.runs.CopiedTable;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The load of what was collated into PostgreSQL, beside psql's copy of the same rows into a table without index, and the merge. */
final class StockTable {
    private StockTable() {}

    static void measure(Report report, Path home, Path data) throws Exception {
        Path csv = StockData.files(data, Stocks.FILES, Stocks.DAYS).resolve("ours/historical_stock_data.csv");
        Path folder = data.resolve("stock-table");
        Ours.remove(folder);
        Files.createDirectories(folder);
        String merge = Files.readString(home.resolve("routes/stocks/stocks-merge.sql"));
        Path mergePlain = folder.resolve("merge.sql");
        Files.writeString(
                mergePlain,
                "\\copy plain from '" + csv + "' (format csv)\n"
                        + merge.replace("INTO {schema}.historical_stocks_data", "INTO merged").replace("FROM staging", "FROM plain")
                        + ";\n");
        int port = Service.freePort();
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), port))) {
            database.migrate(null);
            execute(database, "CREATE TABLE plain (LIKE historical_stocks_data)");
            execute(database, "CREATE TABLE merged (LIKE historical_stocks_data)");
            execute(database, "CREATE UNIQUE INDEX ON merged (company_name, stock_date)");
            CopiedTable ours = new CopiedTable(
                    database.schema(), "historical_stocks_data", home.resolve("routes/stocks/stocks-merge.sql").toString());
            List<String> psql = List.of(
                    "psql", "-q", "-h", "localhost", "-p", Integer.toString(port), "-U", "postgres", "-v",
                    "ON_ERROR_STOP=1", "-1", "-f", mergePlain.toString());
            Map<String, Figures> figures = new Alternating()
                    .measuring("psql: \\copy into a table without index, and the merge", 1, () -> {
                        execute(database, "TRUNCATE plain, merged");
                        return seconds(() -> Processes.print(psql));
                    })
                    .measuring("Bucket Brigade, all days new", 1, () -> {
                        execute(database, "TRUNCATE historical_stocks_data");
                        return seconds(() -> load(database, ours, csv));
                    })
                    .measuring("Bucket Brigade, all days known and the same", 1, () -> seconds(() -> load(database, ours, csv)))
                    .run(0);
            report.line("");
            report.table("16 million rows into PostgreSQL, once each | median s | least s | most s");
            figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
            report.line("");
            report.table("Target | value | | |");
            report.line(
                    "| all days new / psql | %s |",
                    Report.verdict(
                            figures.get("Bucket Brigade, all days new").median()
                                    / figures.get("psql: \\copy into a table without index, and the merge").median(),
                            1.5));
        }
    }

    private static double seconds(Alternating.Task task) throws Exception {
        long start = System.nanoTime();
        task.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void load(Database database, CopiedTable table, Path csv) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            table.load(List.of(new Written(csv))).in(connection);
            connection.commit();
        }
    }

    private static void execute(Database database, String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private record Written(Path file) implements Prepared {
        @Override
        public String path() {
            return file.toString();
        }

        @Override
        public InputStream read() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public void publish(Runnable lastCheck) {
            lastCheck.run();
        }

        @Override
        public void discard() {}
    }
}
