package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlFileTest {
    private final Database database = TestDatabase.newMigrated();

    @AfterAll
    void close() {
        database.close();
    }

    private String fault(String text) throws Exception {
        return new SqlFile(Path.of("/tides/totals.sql"), text)
                .fault(database.pool())
                .map(Problem::sentence)
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT '--', :#${header.company}::date, name FROM leaderboard -- it's :#one",
                "DELETE FROM leaderboard; INSERT INTO leaderboard (user_id) VALUES (:#${variable.id})",
                "CREATE TEMP TABLE sums AS SELECT 1; SELECT * FROM sums",
                "SELECT json_build_object('a', :#${header.a})"
            })
    void what_can_run_has_no_fault(String text) throws Exception {
        assertThat(fault(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT 1 FRM leaderboard        | , line 1: syntax error at or near "leaderboard". Correct the SQL, or
            -- a¶¶SELECT 1¶ FRM leaderboard | , line 4: syntax error at or near "leaderboard". Correct
            SELECT nme FROM leaderboard     | , line 1: column "nme" does not exist. Perhaps you meant to reference the column "leaderboard.name".
            SELECT 1;¶¶-- b¶SELECT 1¶FROM nowhere;¶SELECT 2¶, 4444 | , line 5: relation "nowhere" does not exist. Correct
            SELECT :#${header.a}, :#b¶WHERE :#c = 1 AND x.y = 2¶AND 1 = 1 | , line 2: missing FROM-clause entry for table "x".
            SELECT 1 +¶(2;¶SELECT 1         | , line 2: syntax error at or near ";"
            SELECT 1 +¶                     | , line 1: syntax error at end of input. Correct
            /* nothing */ -- at all         | : the file is empty. Write SQL in it.
            """)
    void what_cannot_run_is_said_with_its_line_in_the_words_of_the_database(String text, String fault)
            throws Exception {
        assertThat(fault(text.replace('¶', '\n'))).startsWith("/tides/totals.sql" + fault);
    }

    @Test
    void no_line_is_named_where_two_statements_may_be_meant() throws Exception {
        assertThat(fault("SELECT nme,\n1\nFROM leaderboard;SELECT nme,\n1\nFROM leaderboard"))
                .startsWith("/tides/totals.sql: column \"nme\" does not exist. ");
    }

    @Test
    void nothing_is_run() throws Exception {
        assertThat(fault("INSERT INTO leaderboard (user_id, messages) VALUES ('1', 1)"))
                .isEmpty();
        try (var connection = database.pool().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM leaderboard")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }
}
