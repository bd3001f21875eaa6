package io.bucketbrigade.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DqdlParserTest {
    private static final String HEAD = "DataSources = { \"Primary\": \"silver\" }\n";

    private static List<Ruleset> parse(String text) {
        return new DqdlParser("quality.dqdl", text).rulesets();
    }

    private static Rule rule(String text) {
        return parse(HEAD + "Rules = [ " + text + " ]").get(0).rules().get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RowCount > 0",
                "RowCount between 1 and 10",
                "RowCount > 0 where \"a > 1\"",
                "ColumnCount = 36",
                "IsComplete \"a\"",
                "IsComplete \"a\" where \"b = 1\"",
                "IsUnique \"a\"",
                "Completeness \"a\" > 0.9",
                "Uniqueness \"a\" >= 0.9",
                "ColumnValues \"a\" between 42 and 43",
                "ColumnValues \"a\" not between -42.5 and 43",
                "ColumnValues \"a\" in [\"ONTIME\", \"OVERDUE\", NULL, EMPTY, WHITESPACES_ONLY]",
                "ColumnValues \"a\" not in [1, 2, NULL]",
                "ColumnValues \"a\" matches \"[0-9]{5}\" with threshold > 0.95",
                "ColumnValues \"a\" not matches \"\\d+\"",
                "ColumnValues \"a\" != NULL",
                "ColumnValues \"a\" > \"2015-01-01\"",
                "ColumnValues \"a\" > (now() - 3 days)",
                "ReferentialIntegrity \"a\" \"departments.{b}\" = 1.0",
                "DataFreshness \"a\" <= 7 days",
                "DataFreshness \"a\" between 2 hours and 30 minutes",
                "CustomSql \"select count(*) from primary where a < 'x'\" between 0 and 10"
            })
    void a_rule_is_read_and_shown_as_it_is_written(String text) {
        assertThat(rule(text).text()).isEqualTo(text);
        assertThat(rule("# why\n  " + text + " # what\n").text()).isEqualTo(text);
    }

    @Test
    void a_rule_is_an_error_unless_its_label_or_that_of_all_says_otherwise() {
        String rules = "Rules = [ RowCount > 0, RowCount > 1 labels = [\"team\" = \"city\", \"severity\" = \"%s\"] ]";
        assertThat(parse(HEAD + rules.formatted("warn")).get(0).rules())
                .extracting(Rule::severity)
                .containsExactly(Severity.ERROR, Severity.WARN);
        assertThat(parse(HEAD + "DefaultLabels = [\"severity\" = \"warn\"]\n" + rules.formatted("error"))
                        .get(0)
                        .rules())
                .extracting(Rule::severity)
                .containsExactly(Severity.WARN, Severity.ERROR);
    }

    @Test
    void a_file_has_the_rules_of_several_tables() {
        String other =
                "DataSources = { \"Primary\": \"months\", \"AdditionalDataSources\": [\"silver\"] } Rules = [ RowCount > 1 ]";
        assertThat(parse("Metadata = {\"Version\": \"1.0\"}\n" + HEAD + "Rules = [RowCount>0]\n" + other))
                .extracting(Ruleset::table)
                .containsExactly("silver", "months");
    }

    @Test
    void a_quote_in_a_text_follows_a_backslash_and_other_backslashes_stay() {
        assertThat(rule("CustomSql \"select \\\"a\\\" from primary where b ~ '\\d'\" > 0")
                        .parameters())
                .containsExactly("select \"a\" from primary where b ~ '\\d'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RowCount                                     | 3 | expected =, !=, >, >=, <, <=, between, in, matches or not, but there is ]
            IsComplet "a"                                | 3 | there is no rule type IsComplet; did you mean IsComplete?
            Mean "a" > 1                                 | 3 | the rule type Mean is AWS's, but not supported here; there are: RowCount, ColumnCount, IsComplete, Completeness, IsUnique, Uniqueness, ColumnValues, ReferentialIntegrity, DataFreshness, CustomSql.
            (RowCount > 0) and (RowCount < 9)            | 3 | rules joined by and or or are AWS's, but not supported here; write each as a rule of its own, or CustomSql.
            IsComplete                                   | 3 | expected one text in quotes after IsComplete, but there are 0.
            RowCount "a" > 1                             | 3 | expected nothing in quotes after RowCount, but there is 1.
            RowCount > 0 RowCount > 1                    | 3 | expected , or ] after a rule, but there is RowCount.
            RowCount > 0, RowCount > 0                   | 3 | the rule RowCount > 0 is repeated.
            RowCount > "a"                               | 3 | expected a number to compare with after RowCount.
            RowCount > avg(last(10))                     | 3 | expected a number, a text in quotes, now(), NULL, EMPTY or WHITESPACES_ONLY, but there is avg.
            RowCount between 1                           | 3 | expected and, but there is ].
            ColumnValues "a" not > 1                     | 3 | expected between, in or matches, but there is >.
            ColumnValues "a" > 3 days                    | 3 | a value is not a duration; expected such as (now() - 7 days).
            ColumnValues "a" > (now() - 3 weeks)         | 3 | expected days, hours or minutes, but there is weeks.
            ColumnValues "a" matches 5                   | 3 | expected a regular expression in quotes, but there is 5.
            DataFreshness "a" < 3                        | 3 | expected a duration after DataFreshness, such as 7 days.
            Completeness "a" > 0.9 with threshold > 0.5  | 3 | only ColumnValues takes a threshold.
            ColumnCount = 3 where "a"                    | 3 | ColumnCount takes no where.
            RowCount > 0 labels = ["severity" = "fatal"] | 3 | expected "error" or "warn" as severity, but there is "fatal".
            IsComplete "a                                | 3 | the text that begins here is not closed; expected another ".
            RowCount > 0 ;                               | 3 | expected a rule, but there is ;.
            """)
    void what_is_wrong_is_said_with_its_line(String rule, int line, String fault) {
        assertThatThrownBy(() -> parse(HEAD + "Rules = [\n" + rule + "\n]"))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.sentence())
                        .startsWith("quality.dqdl, line ")
                        .contains(fault.replaceFirst("\\.$", "")))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.line()).isBetween((long) line, line + 1L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Rule = [ RowCount > 0 ]                                | expected DataSources, DefaultLabels or Rules, but there is Rule
            Rules = [ RowCount > 0 ]                               | it is not said which table the rules are for; expected DataSources = { "Primary": "TABLE" } in front of them
            Analyzers = [ RowCount ]                               | Analyzers are AWS's, but not supported here; write rules instead
            DataSources = { "Primary": "a" } Rules = [ ]           | expected a rule, but there is ]
            DataSources = { "Primary": "a" }                       | expected DataSources, DefaultLabels or Rules, but there is the end of the file
            DataSources = { "Primary": "a" } Rules = [RowCount>0] DataSources = { "Primary": "a" } Rules = [RowCount>0] | the table a is repeated; put its rules together
            """)
    void what_is_wrong_in_the_whole_is_said(String text, String fault) {
        assertThatThrownBy(() -> parse(text)).hasMessage("quality.dqdl, line 1: " + fault + ".");
    }

    @Test
    void the_files_of_the_pipelines_are_right() {
        assertThat(Ruleset.read(TestService.HOME.resolve("routes/city-requests/quality.dqdl")))
                .isNotEmpty();
    }
}
