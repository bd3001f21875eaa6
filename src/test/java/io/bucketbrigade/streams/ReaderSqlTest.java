package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderSqlTest {
    private static final String SQL = """
            -- Adds (up
            WITH arrived AS MATERIALIZED (
                SELECT "Id" AS id, "Text" || ') (' AS text FROM json_to_recordset(CAST(:#${variable.batch.rows} AS json)) AS row (
                    "Id" integer, "Text" numeric(5, 2))
            ),
            lines AS (
                INSERT INTO own.lines (id, text) SELECT id, text FROM arrived
            ),
            facts AS (
                INSERT INTO own.facts (id) SELECT id FROM arrived
            ),
            after AS (
                INSERT INTO own.totals AS known (text, count) SELECT text, count(*) FROM arrived GROUP BY text
                ON CONFLICT (text) DO UPDATE SET count = known.count + excluded.count
                RETURNING *
            )
            INSERT INTO own.grand AS known (one, count) SELECT 1, sum(count) FROM after
            ON CONFLICT (one) DO UPDATE SET count = known.count + excluded.count
            """;

    @TempDir
    private Path folder = Path.of("");

    private ReaderSql read(String sql) throws Exception {
        return ReaderSql.read(
                Files.writeString(folder.resolve("reader.sql"), sql).toString());
    }

    private static String plain(String sql) {
        return sql.replaceAll("\\s+", " ").strip();
    }

    @Test
    void what_is_added_up_is_computed_before_and_what_is_not_is_inserted() throws Exception {
        String with = "WITH arrived AS ( SELECT \"Id\" AS id, \"Text\" || ') (' AS text FROM (SELECT 1) AS row ) ";
        assertThat(read(SQL).prepare("own.lines", "SELECT 1"))
                .extracting(ReaderSqlTest::plain)
                .containsExactly(
                        with + "INSERT INTO own.facts (id) SELECT id FROM arrived",
                        "CREATE TEMPORARY TABLE pg_temp.\"own.totals\" (text, count) ON COMMIT DROP AS " + with
                                + "SELECT text, count(*) FROM arrived GROUP BY text");
    }

    @Test
    void the_rest_of_the_statement_adds_it_in_the_same_order() throws Exception {
        assertThat(plain(read(SQL).add()))
                .isEqualTo("WITH after AS ( INSERT INTO own.totals AS known (text, count)"
                        + " SELECT * FROM pg_temp.\"own.totals\""
                        + " ON CONFLICT (text) DO UPDATE SET count = known.count + excluded.count RETURNING * )"
                        + " INSERT INTO own.grand AS known (one, count) SELECT 1, sum(count) FROM after"
                        + " ON CONFLICT (one) DO UPDATE SET count = known.count + excluded.count");
    }

    @Test
    void other_sql_is_refused() {
        assertThatThrownBy(() -> read("SELECT 1"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("it must be one statement that begins with WITH arrived AS");
        assertThatThrownBy(() -> read("WITH arrived AS (SELECT 1) SELECT 2")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read("WITH arrived AS (SELECT (1")).hasMessageContaining("is not closed");
    }
}
