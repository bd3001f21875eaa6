package io.bucketbrigade.problems;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private static String waited(int milliseconds) {
        return "database - Connection is not available, request timed out after " + milliseconds
                + "ms (total=0, active=0, idle=0, waiting=1)";
    }

    @Test
    void a_database_that_is_away_is_told_in_the_same_words_however_long_it_was_waited_for() {
        Problem first = Problems.of(new SQLTransientConnectionException(waited(5018)));
        Problem second = Problems.of(new SQLTransientConnectionException(waited(5003)));
        assertThat(first.kind()).isEqualTo(Problem.Kind.TRANSIENT);
        assertThat(first.sentence())
                .isEqualTo(second.sentence())
                .isEqualTo("The database can't be reached or does not answer (database - Connection is not available,"
                        + " request timed out). If BRIGADE_DATABASE_URL is set, check that it points to a running database."
                        + " The embedded one restarts by itself; see postgres.log in the data folder.");
    }

    @Test
    void what_keeps_the_database_away_is_told_where_it_is_known() {
        SQLException refused = new SQLException("Connection to localhost:5432 refused.\nmore", "08001");
        assertThat(Problems.of(new SQLTransientConnectionException(waited(5000), "08001", refused))
                        .sentence())
                .startsWith("The database can't be reached or does not answer (Connection to localhost:5432 refused)");
    }

    @Test
    void a_copy_whose_line_is_cut_is_a_database_that_is_away_and_any_other_failed_write_ends_with_one_full_stop() {
        SQLException cut = new SQLException("Database connection failed when writing to copy", "08006");
        assertThat(Problems.of(new IOException("Write to copy failed.", cut)).sentence())
                .startsWith(
                        "The database can't be reached or does not answer (Database connection failed when writing");
        SQLException wrong = new SQLException("a fault in SQL", "42601");
        assertThat(Problems.of(new IOException("Write to copy failed.", wrong)).sentence())
                .isEqualTo("Reading or writing failed: Write to copy failed.");
    }

    @Test
    void a_connection_that_the_database_ended_because_this_process_stood_still_is_no_fault_of_the_program() {
        for (String state : List.of("25P03", "25P04")) {
            Problem problem = Problems.of(
                    new SQLException("FATAL: terminating connection due to idle-in-transaction timeout", state));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.TRANSIENT);
            assertThat(problem.sentence())
                    .startsWith(
                            "The database ended a connection that was silent in the middle of a change for too long");
        }
    }

    @Test
    void a_name_that_the_locale_cannot_express_is_no_fault_of_the_program() {
        Problem problem = Problems.of(new InvalidPathException("caf\u00e9\u001b.csv", "unmappable characters"));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.USAGE);
        assertThat(problem.sentence())
                .startsWith("'caf\u00e9?.csv' is not a valid file name here: ")
                .endsWith("Set LC_ALL=C.UTF-8.");
    }
}
