package io.bucketbrigade.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.lake.LakeRun;
import io.bucketbrigade.lake.TestLake;
import io.bucketbrigade.support.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules, measured by DuckDB: what AWS says of blank, missing and NaN, and of tables without rows. */
@Tag("slow")
class AuditTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final AtomicInteger TABLES = new AtomicInteger();

    @TempDir
    private static Path folder = Path.of("");

    private static Database database;
    private static LakeRun lake;

    @BeforeAll
    static void open() throws Exception {
        database = TestDatabase.newMigrated();
        lake = new TestLake(database, folder).run(1);
        TestLake.write(lake, "departments", "SELECT * FROM (VALUES ('A', 1), ('B', 2)) AS v (department, number)");
    }

    @AfterAll
    static void close() throws Exception {
        lake.close();
        database.close();
    }

    private static Verdict judge(String values, String rule) throws Exception {
        String table = "t" + TABLES.incrementAndGet();
        TestLake.write(
                lake,
                table,
                "SELECT * FROM (VALUES " + values + ") AS v (a) WHERE a IS NULL OR CAST(a AS VARCHAR) <> 'no row'");
        String text = "DataSources = {\"Primary\": \"" + table + "\"}\nRules = [ " + rule + " ]";
        Ruleset ruleset = new DqdlParser("quality.dqdl", text).rulesets().get(0);
        return new Audit(lake, "quality.dqdl", NOW).of(ruleset).get(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "none", textBlock = """
            (1), (2)                   | RowCount > 1                                             | 2    | true
            (1), (2)                   | RowCount between 2 and 9                                 | 2    | false
            (1), (2)                   | RowCount > 0 where "a = 1"                               | 1    | true
            ('no row')                 | RowCount = 0                                             | 0    | true
            (1)                        | ColumnCount = 1                                          | 1    | true
            (1)                        | ColumnCount != 1                                         | 1    | false
            ('a'), ('')                | IsComplete "a"                                           | 1    | true
            ('a'), (NULL)              | IsComplete "a"                                           | 0.5  | false
            ('a'), (NULL)              | IsComplete "a" where "a IS NOT NULL"                     | 1    | true
            ('NaN'::DOUBLE)            | IsComplete "a"                                           | 1    | true
            ('no row')                 | IsComplete "a"                                           | none | false
            ('a'), (NULL)              | Completeness "a" >= 0.5                                  | 0.5  | true
            ('a'), (NULL)              | Completeness "a" > 0.5                                   | 0.5  | false
            ('no row')                 | Completeness "a" >= 0                                    | none | false
            (1), (2)                   | IsUnique "a"                                             | 1    | true
            (1), (1), (2), (3)         | IsUnique "a"                                             | 0.5  | false
            (1), (NULL)                | IsUnique "a"                                             | 0.5  | false
            (1), (1), (2), (3)         | Uniqueness "a" >= 0.5                                    | 0.5  | true
            (1), (1), (2)              | IsUnique "a" where "a = 2"                               | 1    | true
            ('no row')                 | IsUnique "a"                                             | none | false
            (42), (42.5), (43)         | ColumnValues "a" between 42 and 43 with threshold > 0.3  | 0.3333333333333333 | true
            (42), (42.5), (43)         | ColumnValues "a" not between 42 and 43 with threshold > 0.7 | 0.6666666666666666 | false
            ('NaN'::DOUBLE)            | ColumnValues "a" > 3                                     | 1    | true
            ('NaN'::DOUBLE)            | ColumnValues "a" between 3 and 5                         | 0    | false
            (1), (NULL)                | ColumnValues "a" >= 1                                    | 0.5  | false
            (1), (2)                   | ColumnValues "a" < 2                                     | 0.5  | false
            (1), (2)                   | ColumnValues "a" <= 2                                    | 1    | true
            (1), (NULL)                | ColumnValues "a" != 2                                    | 1    | true
            (1), (NULL)                | ColumnValues "a" not in [2, NULL]                        | 0.5  | false
            (1), (NULL)                | ColumnValues "a" in [1, NULL]                            | 1    | true
            (1), (NULL)                | ColumnValues "a" = NULL                                  | 0.5  | false
            ('21'), ('x')              | ColumnValues "a" = 21                                    | 0.5  | false
            ('x'), (''), (' '), (NULL) | ColumnValues "a" in ["x"]                                | 0.25 | false
            ('x'), (''), (' '), (NULL) | ColumnValues "a" in ["x", EMPTY]                         | 0.5  | false
            ('x'), (''), (' '), (NULL) | ColumnValues "a" in ["x", EMPTY, WHITESPACES_ONLY, NULL] | 1    | true
            ('x'), (''), (' '), (NULL) | ColumnValues "a" not in [EMPTY, WHITESPACES_ONLY, NULL]  | 0.25 | false
            ('it''s')                  | ColumnValues "a" = "it's"                                | 1    | true
            ('02118'), ('021189'), (NULL) | ColumnValues "a" matches "[0-9]{5}" with threshold < 0.4 | 0.3333333333333333 | true
            ('02118'), ('x'), (NULL)   | ColumnValues "a" not matches "[0-9]{5}" with threshold > 0.5 | 0.3333333333333333 | false
            (DATE '2026-11-26'), (DATE '2026-11-20') | ColumnValues "a" > (now() - 3 days)        | 0.5  | false
            (TIMESTAMP '2026-11-26 10:00:00') | ColumnValues "a" = "2026-11-26"                   | 1    | true
            (TIMESTAMP '2026-11-26 10:00:00') | ColumnValues "a" between "2026-11-25" and "2026-11-27" | 1 | true
            ('no row')                 | ColumnValues "a" = "x" with threshold >= 0               | none | false
            ('A'), ('C'), (NULL), ('B') | ReferentialIntegrity "a" "departments.{department}" = 1.0 | 0.5 | false
            ('A'), ('C')               | ReferentialIntegrity "a" "departments.department" >= 0.5 | 0.5  | true
            (TIMESTAMP '2026-11-27 11:00:00'), (TIMESTAMP '2026-11-27 09:00:00') | DataFreshness "a" <= 2 hours | 0.5 | false
            (TIMESTAMP '2026-11-27 11:00:00'), (NULL) | DataFreshness "a" < 1 days                 | 0.5  | false
            ('2026-11-27 11:00:00')    | DataFreshness "a" <= 7 days                              | 1    | true
            (1), (2)                   | CustomSql "select count(*) from primary where primary.a = 1" between 0 and 10 | 1 | true
            (1), (2)                   | CustomSql "select count(*) from primary where 'primary' = 'x';" between 0 and 10 | 0 | false
            (1)                        | CustomSql "select max(number) from departments" = 2      | 2    | true
            ('no row')                 | CustomSql "select max(a) from primary" >= 0              | none | false
            (1)                        | CustomSql "select 'NaN'::DOUBLE from primary" != 3       | none | false
            """)
    void a_rule_measures_what_aws_says(String values, String rule, Double measured, boolean isPassed) throws Exception {
        Verdict verdict = judge(values, rule);
        assertThat(verdict.measured()).isEqualTo(measured);
        assertThat(verdict.isPassed()).isEqualTo(isPassed);
    }

    @Test
    void up_to_ten_rows_that_break_a_rule_are_kept_and_long_values_cut() throws Exception {
        assertThat(judge("('x'), (NULL)", "IsComplete \"a\"").samples().toString())
                .isEqualTo("[{a=null}]");
        assertThat(judge("(1), (1), (2), (NULL)", "Uniqueness \"a\" > 0.1").samples())
                .hasSize(3);
        assertThat(judge("('C')", "ReferentialIntegrity \"a\" \"departments.{department}\" = 1.0")
                        .samples()
                        .toString())
                .isEqualTo("[{a=C}]");
        List<?> many = judge("('x'), ('a' || repeat('é', 499))" + ", ('y')".repeat(11), "ColumnValues \"a\" = \"x\"")
                .samples();
        assertThat(many).hasSize(10);
        assertThat(many.get(0)).hasToString("{a=a" + "é".repeat(199) + "…}");
        assertThat(judge("(1)", "RowCount > 5").samples()).isEmpty();
    }

    @Test
    void the_words_say_what_was_measured_and_expected() throws Exception {
        assertThat(judge("(1), (1), (1)", "IsUnique \"a\"").words())
                .endsWith(": IsUnique \"a\" measured 0, expected all rows");
        assertThat(judge("(1), (2), (NULL)", "Completeness \"a\" > 0.9").words())
                .endsWith("measured 0.666666, expected more than 0.9 of the rows");
        assertThat(judge("('no row')", "IsComplete \"a\"").words())
                .endsWith("measured nothing, for there are no rows, expected all rows");
        assertThat(judge("(1)", "RowCount between 2 and 9").words())
                .endsWith("measured 1, expected more than 2 and less than 9");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            IsComplete "b"                                  | has no column b; did you mean a?
            ReferentialIntegrity "a" "department.{x}" = 1.0 | there is no table department; did you mean departments?
            ReferentialIntegrity "a" "departments.{x}" = 1.0 | the table departments has no column x.
            ReferentialIntegrity "a" "departments" = 1.0    | expected TABLE.{COLUMN} with as many columns as before it.
            CustomSql "drop table departments" = 1          | CustomSql can't be evaluated: Parser Error: syntax error at or near
            CustomSql "select nothing from primary" = 1     | CustomSql can't be evaluated: Binder Error: Referenced column
            RowCount > 0 where "nothing = 1"                | RowCount can't be evaluated: Binder Error: Referenced column
            ColumnValues "a" matches "["                    | ColumnValues can't be evaluated: Invalid Input Error: missing ]: [
            """)
    void a_rule_that_can_not_be_evaluated_is_named_with_its_line(String rule, String fault) {
        assertThatThrownBy(() -> judge("('1')", "RowCount > 0,\n" + rule))
                .hasMessageStartingWith("quality.dqdl, line 3: ")
                .hasMessageContaining(fault);
    }
}
