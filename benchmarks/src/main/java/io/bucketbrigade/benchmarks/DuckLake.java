package io.bucketbrigade.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Bronze, silver and gold as somebody would write it for these very files: no lines, rejects, rules, Iceberg or record of the run. */
final class DuckLake {
    /** What all closure reasons begin with. */
    static final String BEGINNING =
            "^\\s*(Case\\s+Closed\\.?)?\\s*(Closed\\s+date\\s*:\\s*(\\d{4}-\\d\\d-\\d\\d[ T][\\d:.]+|[A-Z][a-z]{2} [A-Z][a-z]{2} +\\d{1,2} [\\d:]+ [A-Z]{2,4} \\d{4}))?\\s*";

    private static final String SILVER = """
            COPY (
                SELECT try_cast(case_enquiry_id AS BIGINT) AS case_enquiry_id, try_cast(open_dt AS TIMESTAMP) AS open_dt,
                    try_cast(coalesce(sla_target_dt, target_dt) AS TIMESTAMP) AS sla_target_dt, try_cast(closed_dt AS TIMESTAMP) AS closed_dt,
                    coalesce(on_time, ontime) AS on_time, case_status, closure_reason,
                    CASE WHEN regexp_matches(words, '^$', 'is') THEN 'None given' WHEN regexp_matches(words, '^(case )?resolved\\b', 'is') THEN 'Resolved'
                        WHEN regexp_matches(words, '^(case )?noted\\b', 'is') THEN 'Noted' WHEN regexp_matches(words, '^(case )?invalid\\b', 'is') THEN 'Invalid'
                        WHEN regexp_matches(words, '^(case )?duplicate\\b', 'is') THEN 'Duplicate' END AS closure_reason_normalized,
                    epoch(try_cast(closed_dt AS TIMESTAMP) - try_cast(open_dt AS TIMESTAMP)) / 3600.0 AS duration_hours,
                    case_title, subject, reason, type, queue, department, coalesce(submitted_photo, submittedphoto) AS submitted_photo,
                    coalesce(closed_photo, closedphoto) AS closed_photo, location, fire_district, pwd_district, city_council_district, police_district,
                    neighborhood, neighborhood_services_district, ward, precinct, location_street_name, location_zipcode,
                    try_cast(latitude AS DOUBLE) AS latitude, try_cast(longitude AS DOUBLE) AS longitude, geom_4326, source, file,
                    year(try_cast(open_dt AS TIMESTAMP)) AS year, month(try_cast(open_dt AS TIMESTAMP)) AS month
                FROM (
                    SELECT *, regexp_replace(closure_reason,
                        '%s', '', 'i') AS words
                    FROM bronze
                    LEFT JOIN repeated USING (case_enquiry_id)
                    WHERE try_cast(case_enquiry_id AS BIGINT) IS NOT NULL AND try_cast(open_dt AS TIMESTAMP) IS NOT NULL
                        AND (latest IS NULL OR latest = (file, file_row_number))
                )
            ) TO '%s/silver' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (year, month), WRITE_PARTITION_COLUMNS true)
            """;
    /** Few cases come again; a window over all columns of all rows spilled for minutes. */
    private static final String REPEATED = """
            CREATE TEMP TABLE repeated AS
            SELECT case_enquiry_id, max((file, file_row_number)) AS latest
            FROM bronze
            WHERE case_enquiry_id IN (SELECT case_enquiry_id FROM bronze GROUP BY case_enquiry_id HAVING count(*) > 1)
            GROUP BY case_enquiry_id
            """;
    private static final String LATE = """
            COPY (
                SELECT case_enquiry_id, open_dt, sla_target_dt, closed_dt, type, department, neighborhood, source, duration_hours,
                    date_diff('day', sla_target_dt, closed_dt) AS delay_days
                FROM silver WHERE case_status = 'Closed' AND closed_dt > sla_target_dt ORDER BY delay_days DESC
            ) TO '%s/late_cases.parquet' (FORMAT parquet, COMPRESSION zstd)
            """;
    private static final String MONTHS = """
            COPY (
                SELECT year, month, neighborhood, department, type, source, count(*) AS opened, count(*) FILTER (WHERE case_status = 'Closed') AS closed,
                    count(*) FILTER (WHERE on_time = 'ONTIME') AS on_time, median(duration_hours) AS median_hours,
                    quantile_cont(duration_hours, 0.9) AS hours_of_90_percent
                FROM silver GROUP BY ALL ORDER BY ALL
            ) TO '%s/months.parquet' (FORMAT parquet, COMPRESSION zstd)
            """;

    private DuckLake() {}

    /** Does it, and prints the seconds: FILES TARGET. */
    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(arguments[1]);
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
            files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
        }
        long start = System.nanoTime();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET memory_limit = '1GiB'");
            statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
            statement.execute("SET temp_directory = '" + target + "/spill'");
            for (Path file : files) {
                statement.execute("COPY (SELECT *, '" + file.getFileName() + "' AS file FROM read_csv('" + file + "', all_varchar = true)) TO '" + target + "/bronze-"
                        + file.getFileName() + ".parquet' (FORMAT parquet, COMPRESSION zstd)");
            }
            statement.execute("CREATE VIEW bronze AS SELECT * FROM read_parquet('" + target + "/bronze-*.parquet', union_by_name = true, file_row_number = true)");
            statement.execute(REPEATED);
            statement.execute(SILVER.formatted(BEGINNING, target));
            statement.execute("CREATE VIEW silver AS SELECT * FROM read_parquet('" + target + "/silver/**/*.parquet', hive_partitioning = false)");
            statement.execute(LATE.formatted(target));
            statement.execute(MONTHS.formatted(target));
        }
        System.out.println(String.format(Locale.ROOT, "%.3f", (System.nanoTime() - start) / 1e9));
    }
}
