package io.bucketbrigade.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;

/** What the regular expressions of city requests cost for two million closure reasons in memory, beside the same beginning found by regexp_replace. */
final class CaseExpressions {
    private static final int REPETITIONS = 5;

    private CaseExpressions() {}

    static void measure(Report report, Path home, Path files) throws Exception {
        Path pipeline = home.resolve("routes").resolve("city-requests");
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
            for (String macro : Files.readString(pipeline.resolve("macros.sql")).split(";\\s*\n")) {
                statement.execute(macro);
            }
            statement.execute(
                    "CREATE TABLE patterns AS FROM read_csv('" + pipeline.resolve("closure-reasons.csv") + "', header = true, delim = ',', all_varchar = true)");
            StringBuilder cases = new StringBuilder();
            try (ResultSet rows = statement.executeQuery("SELECT replace(pattern, '''', ''''''), replace(reason, '''', '''''') FROM patterns")) {
                while (rows.next()) {
                    cases.append(" WHEN regexp_matches(text, '%s', 'is') THEN '%s'".formatted(rows.getString(1), rows.getString(2)));
                }
            }
            statement.execute("CREATE MACRO reason_of(text) AS CASE" + cases + " END");
            statement.execute("CREATE TABLE closed AS SELECT closure_reason FROM read_csv('" + files + "/*.csv', all_varchar = true, union_by_name = true)");
            statement.execute("CREATE TABLE spoken AS SELECT closure_words(closure_reason) AS words FROM closed");
            Map<String, Figures> figures = new Alternating()
                    .with("the beginning, found and cut off", REPETITIONS, () -> ask(statement, "count(closure_words(closure_reason)) FROM closed"))
                    .with("the beginning, by regexp_replace", REPETITIONS, () -> ask(statement, "count(regexp_replace(closure_reason, '" + DuckLake.BEGINNING + "', '', 'i')) FROM closed"))
                    .with("the reason, by the table of patterns", REPETITIONS, () -> ask(statement, "count(reason_of(words)) FROM spoken"))
                    .with("only the length of the text", REPETITIONS, () -> ask(statement, "sum(length(closure_reason)) FROM closed"))
                    .run(1);
            report.section("Regular expressions: 2 M closure reasons in memory", "What | median s | least s | most s");
            figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
        }
    }

    private static void ask(Statement statement, String query) throws Exception {
        try (ResultSet answer = statement.executeQuery("SELECT " + query)) {
            answer.next();
        }
    }
}
