package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCheckTest {
    private static String fault(String text) throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            return SqlCheck.fault(database.pool(), text).orElse("");
        }
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
            SELECT 1 FRM leaderboard       | syntax error at or near "leaderboard"
            SELECT nme FROM leaderboard    | column "nme" does not exist
            SELECT 1; SELECT 1 FROM nowhere | relation "nowhere" does not exist
            /* nothing */ -- at all        | the file is empty
            """)
    void what_cannot_run_is_said_in_the_words_of_the_database(String text, String fault) throws Exception {
        assertThat(fault(text)).isEqualTo(fault);
    }

    @Test
    void nothing_is_run() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            SqlCheck.fault(database.pool(), "INSERT INTO leaderboard (user_id, messages) VALUES ('1', 1)");
            try (var connection = database.pool().getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM leaderboard")) {
                rows.next();
                assertThat(rows.getInt(1)).isZero();
            }
        }
    }
}
