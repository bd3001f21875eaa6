package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Recency, frequency, monetary value and segment, of few customers that can be checked by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomerSegmentsTest {
    private Connection connection;

    @BeforeAll
    void connect() throws SQLException {
        DatabaseAddress address = DatabaseAddress.parse(TestDatabase.newUriWithTables(), "", "");
        connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        connection.setAutoCommit(false);
    }

    @AfterEach
    void forget() throws SQLException {
        connection.rollback();
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    /** An invoice of a customer on a day of January 2011. */
    private void invoice(String number, String customer, int day, int gross, int net) throws SQLException {
        try (Statement insert = connection.createStatement()) {
            insert.execute(
                    "INSERT INTO warehouse.invoice_totals VALUES ('%s', '%s', 'France', '2011-01-%02d', 1, 1, %d, %d)"
                            .formatted(number, customer, day, gross, net));
        }
    }

    /** As {@code customer recency frequency monetary segment}. */
    private List<String> segments() throws SQLException {
        return ask("SELECT concat_ws(' ', customer_id, recency, frequency, monetary, segment)"
                + " FROM warehouse.customers ORDER BY customer_id");
    }

    private List<String> ask(String question) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(question)) {
            List<String> answer = new ArrayList<>();
            while (rows.next()) {
                answer.add(rows.getString(1));
            }
            return answer;
        }
    }

    @Test
    void a_customer_alone_is_the_best() throws SQLException {
        invoice("1", "A", 1, 10, 10);
        assertThat(segments()).containsExactly("A 5 5 5 best");
    }

    @Test
    void equal_customers_are_all_the_best() throws SQLException {
        invoice("1", "A", 1, 10, 10);
        invoice("2", "B", 1, 10, 10);
        invoice("3", "C", 1, 10, 10);
        assertThat(segments()).containsExactly("A 5 5 5 best", "B 5 5 5 best", "C 5 5 5 best");
    }

    @Test
    void five_different_customers_have_a_fifth_each() throws SQLException {
        int number = 0;
        for (int place = 1; place <= 5; place++) {
            for (int invoice = 0; invoice < place; invoice++) {
                invoice("%d".formatted(number++), "ABCDE".substring(place - 1, place), place, place, place);
            }
        }
        assertThat(segments())
                .containsExactly("A 1 1 1 lost", "B 2 2 2 lost", "C 3 3 3 loyal", "D 4 4 4 best", "E 5 5 5 best");
    }

    @Test
    void those_who_bought_once_are_not_the_most_frequent_because_they_are_many() throws SQLException {
        for (int customer = 1; customer <= 9; customer++) {
            invoice("%d".formatted(customer), "%d".formatted(customer), 20, 10, 10);
        }
        invoice("10", "A", 19, 10, 10);
        invoice("11", "A", 20, 10, 10);
        assertThat(segments()).hasSize(10).contains("1 5 1 1 new", "9 5 1 1 new", "A 5 5 5 best");
    }

    @Test
    void a_cancellation_is_no_purchase() throws SQLException {
        invoice("1", "A", 2, 10, 10);
        invoice("C2", "A", 30, 0, -10);
        invoice("3", "B", 3, 10, 10);
        assertThat(
                        ask(
                                "SELECT first_purchase::date || ' ' || last_purchase::date FROM warehouse.customers WHERE customer_id = 'A'"))
                .containsExactly("2011-01-02 2011-01-02");
        assertThat(segments()).containsExactly("A 1 5 1 at risk", "B 5 5 5 best");
    }

    @Test
    void who_only_cancelled_has_no_recency_and_the_lowest_fifths() throws SQLException {
        invoice("C1", "A", 30, 0, -10);
        assertThat(ask("SELECT (last_purchase IS NULL)::text FROM warehouse.customers"))
                .containsExactly("true");
        assertThat(segments()).containsExactly("A 1 1 1 lost");
        invoice("2", "B", 1, 10, 10);
        assertThat(segments()).containsExactly("A 1 1 1 lost", "B 5 5 5 best");
    }

    @Test
    void only_a_C_or_an_A_before_a_digit_is_not_an_invoice() throws SQLException {
        invoice("WEB1", "A", 1, 10, 10);
        invoice("CASH1", "A", 1, 10, 10);
        invoice("c2", "A", 2, 0, -10);
        invoice("A3", "A", 2, 0, -10);
        String counted = "SELECT invoices || ' ' || cancellations FROM warehouse.";
        assertThat(ask(counted + "customers")).containsExactly("2 1");
        assertThat(ask(counted + "customer_base")).containsExactly("2 1");
        assertThat(ask("SELECT invoices::text FROM warehouse.countries")).containsExactly("2");
    }
}
