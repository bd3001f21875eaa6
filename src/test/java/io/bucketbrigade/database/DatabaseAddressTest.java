package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "postgresql://u:p@h:5433/db,jdbc:postgresql://h:5433/db,u,p",
                "postgres://u:p@h/db,jdbc:postgresql://h/db,u,p",
                "jdbc:postgresql://h/db?user=u&password=p&ssl=true,jdbc:postgresql://h/db?ssl=true,u,p",
                "postgresql://u@h/db,jdbc:postgresql://h/db,u,default",
                "postgresql://h/db?sslmode=require,jdbc:postgresql://h/db?sslmode=require,me,default",
                "postgresql://u:p%40ss%2Fw@h/db,jdbc:postgresql://h/db,u,p@ss/w",
                "postgresql://u:p@ss@h/db,jdbc:postgresql://h/db,u,p@ss",
                "postgresql://u:p/ss@h/db,jdbc:postgresql://h/db,u,p/ss",
                "postgresql://u:100%@h/db,jdbc:postgresql://h/db,u,100%",
                "postgresql://u:a+b@h/db,jdbc:postgresql://h/db,u,a+b",
                "postgresql://u:p@[::1]:5432/db,jdbc:postgresql://[::1]:5432/db,u,p"
            })
    void addresses_are_read_as_people_write_them(String text, String url, String user, String password) {
        DatabaseAddress address = DatabaseAddress.parse(text, "me", "default");
        assertThat(address.jdbcUrl()).isEqualTo(url);
        assertThat(address.user()).isEqualTo(user);
        assertThat(address.password()).isEqualTo(password);
        assertThat(address.toString()).isEqualTo(url.substring(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h/db", "mysql://u:secret@h/db", "postgresql://u:secret@h", "postgresql:///db"})
    void what_is_no_address_is_refused_without_repeating_it(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text, "", ""))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("postgresql://user:password@host:port/database")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void the_password_is_not_in_its_text() {
        assertThat(DatabaseAddress.parse("postgresql://u:secret@h/db", "", "")).hasToString("postgresql://h/db");
    }
}
