package io.bucketbrigade.benchmarks;

import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A thousand files of a megabyte into one, with what is computed of each row: beside DuckDB and pandas. */
final class Stocks {
    static final int FILES = 1000;
    static final int DAYS = 16_000;

    private static final String INDEX = "CompanyNames/top_companies.txt";
    private static final String JOB = """
            COPY (
                SELECT "Date", "Open", "High", "Low", "Close", "Volume",
                       round(("Close" - "Open") / "Open" * 100, 6), round("Close" - "Open", 6),
                       regexp_extract(filename, '([^/]*)\\.csv$', 1)
                FROM read_csv(%s, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, filename = true,
                    columns = {'Date': 'DATE', 'Open': 'DOUBLE', 'High': 'DOUBLE', 'Low': 'DOUBLE', 'Close': 'DOUBLE',
                        'Volume': 'BIGINT', 'OpenInt': 'BIGINT'})
            ) TO '%s' (HEADER false, DELIMITER ',')
            """;

    private Stocks() {}

    static void measure(Report report, Path home, Path data) throws Exception {
        Path folder = StockData.files(data, FILES, DAYS);
        int threads = Runtime.getRuntime().availableProcessors();
        report.section("Stocks: 1000 files of a megabyte into one", "What | median s | least s | most s");
        try (OneShot camel = camel(home, folder.toString(), folder + "/ours", Map.of());
                Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET threads = " + threads);
            String job = JOB.formatted(list(folder), folder.resolve("duckdb.csv"));
            Alternating alternating = new Alternating()
                    .with("Bucket Brigade", 5, () -> collate(camel, folder.toString()))
                    .with("DuckDB, prices as DOUBLE", 5, () -> statement.execute(job));
            String python = python();
            if (!python.isEmpty()) {
                alternating.with(
                        "pandas",
                        1,
                        () -> Processes.print(
                                List.of(python, "benchmarks/pandas_stocks_twin.py", folder.toString(), "pandas.csv")));
            }
            Map<String, Figures> figures = alternating.run(1);
            same(statement, folder);
            figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
            double ours = figures.get("Bucket Brigade").median();
            report.line("");
            report.table("Target | value | | |");
            report.line(
                    "| Bucket Brigade / DuckDB, %d threads each (aim 0.5) | %s |",
                    threads,
                    Report.verdict(ours / figures.get("DuckDB, prices as DOUBLE").median(), 1));
            if (python.isEmpty()) {
                report.line("| Bucket Brigade / pandas | not measured: no Python here has it | ≤ 0.10 | |");
            } else {
                report.line(
                        "| Bucket Brigade / pandas | %s |",
                        Report.verdict(ours / figures.get("pandas").median(), 0.1));
            }
        }
        buckets(report, home, data, folder);
    }

    private static void buckets(Report report, Path home, Path data, Path folder) throws Exception {
        try (S3Server server = new S3Server(home, data.resolve("store"))) {
            server.bucket("stocks");
            server.put("stocks", INDEX, folder.resolve(INDEX));
            try (var names = Files.list(folder.resolve("Stocks"))) {
                for (Path file : names.toList()) {
                    server.put("stocks", "Stocks/" + file.getFileName(), file);
                }
            }
            try (OneShot inFolder = camel(home, folder.toString(), folder + "/ours", Map.of());
                    OneShot inBucket = camel(home, "s3://stocks", folder + "/from-bucket", server.environment)) {
                Map<String, Figures> figures = new Alternating()
                        .with("from a folder", 5, () -> collate(inFolder, folder.toString()))
                        .with("from a bucket of a local S3 server", 5, () -> collate(inBucket, "s3://stocks"))
                        .run(1);
                String result = "historical_stock_data.csv";
                if (Files.mismatch(folder.resolve("ours").resolve(result), folder.resolve("from-bucket").resolve(result))
                        >= 0) {
                    throw new IllegalStateException("the results from folder and bucket differ");
                }
                report.line("");
                report.table("The same | median s | least s | most s");
                figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
                report.line("");
                report.table("Target | value | | |");
                report.line(
                        "| from a bucket / from a folder | %s |",
                        Report.verdict(
                                figures.get("from a bucket of a local S3 server").median()
                                        / figures.get("from a folder").median(),
                                1.5));
            }
        }
    }

    /** The product's routes in this JVM, without table and record. */
    static OneShot camel(Path home, String source, String output, Map<String, String> further) throws Exception {
        Map<String, String> environment = new HashMap<>(further);
        environment.put("STOCKS_SOURCE", source);
        environment.put("STOCKS_OUTPUT", output);
        environment.put("BRIGADE_ROUTES", home.resolve("benchmarks/routes").toString());
        Settings settings = SettingsLoader.load(home, home, environment, Map.of());
        return new OneShot(settings, "stocks", List.of("collate-file"), List.of(source), null);
    }

    static void collate(OneShot camel, String source) throws Exception {
        Inputs inputs = new Inputs().with(INDEX, camel.locations().of(source).open(INDEX));
        try (Work work = Work.unrecorded("stocks", inputs)) {
            camel.call("direct:collate-file", "", Map.of(Work.VARIABLE, work));
        }
    }

    private static String list(Path folder) throws Exception {
        String names = Files.readString(folder.resolve(INDEX)).strip();
        return "[" + names.replaceAll("'([^']*)'", "'" + folder + "/Stocks/$1'") + "]";
    }

    /** That both have the same rows, as numbers; texts differ, because ours are as they came. */
    private static void same(Statement duckDb, Path folder) throws SQLException {
        String sums = "";
        for (String file : List.of("ours/historical_stock_data.csv", "duckdb.csv")) {
            try (ResultSet row = duckDb.executeQuery("SELECT count(*), round(sum(column06), 2), round(sum(column07), 2),"
                    + " min(column08), max(column08), sum(column05) FROM read_csv('" + folder.resolve(file)
                    + "', header = false, auto_detect = false, columns = {'column00': 'VARCHAR', 'column01': 'DOUBLE',"
                    + " 'column02': 'DOUBLE', 'column03': 'DOUBLE', 'column04': 'DOUBLE', 'column05': 'BIGINT',"
                    + " 'column06': 'DOUBLE', 'column07': 'DOUBLE', 'column08': 'VARCHAR'})")) {
                row.next();
                String these = row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " "
                        + row.getString(4) + " " + row.getString(5) + " " + row.getString(6);
                if (!sums.isEmpty() && !sums.equals(these)) {
                    throw new IllegalStateException("ours and DuckDB's differ: " + sums + " and " + these);
                }
                sums = these;
            }
        }
    }

    /** A Python that has pandas. */
    private static String python() {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            try {
                Processes.print(List.of(python, "-c", "import pandas"));
                return python;
            } catch (Exception missing) {
                continue;
            }
        }
        return "";
    }
}
