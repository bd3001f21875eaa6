package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import java.util.Map;
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
                "jdbc:postgresql://h/db?user=u&password=p&ssl=true,jdbc:postgresql://h/db,u,p",
                "postgresql://u@h/db,jdbc:postgresql://h/db,u,default",
                "postgresql://h/db?sslmode=require,jdbc:postgresql://h/db,me,default",
                "postgresql://u:p%40ss%2Fw@h/db,jdbc:postgresql://h/db,u,p@ss/w",
                "postgresql://u:p@ss@h/db,jdbc:postgresql://h/db,u,p@ss",
                "postgresql://u:p/ss@h/db,jdbc:postgresql://h/db,u,p/ss",
                "postgresql://u:100%@h/db,jdbc:postgresql://h/db,u,100%",
                "postgresql://u:a+b@h/db,jdbc:postgresql://h/db,u,a+b",
                "postgresql://u:p?w#x@h/db,jdbc:postgresql://h/db,u,p?w#x",
                "postgresql://u:12/a@h:5432/db?sslmode=require,jdbc:postgresql://h:5432/db,u,12/a",
                "postgresql://u:a:b c[d]&e@h/db,jdbc:postgresql://h/db,u,a:b c[d]&e",
                "postgresql://u@tenant:p@h/db,jdbc:postgresql://h/db,u@tenant,p",
                "postgresql://u:p@h/db?password=q@r/s?t,jdbc:postgresql://h/db,u,q@r/s?t",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:s3cret/db",
                "postgresql://u:s3cret",
                "postgresql://u:12?s3cret/x",
                "postgresql://u:s3cret@h",
                "postgresql://u:s3cret@h:port/db",
                "postgresql://u:s3cret@h/db/more",
                "postgresql://u:1/db?password=s3cret@h/db",
                "postgresql://u:x@h/db?application_name=s3cret@h2/db2",
                "postgresql://u:%zz%41s3cret@h/db",
                "postgresql://u:%ffs3cret@h/db",
                "postgresql://u:p@h/db?s3cret=on",
                "postgresql://h/db?user=u&password=a&s3cret=b",
                "postgresql://h/db?user=u&password=a&s3cret",
                "postgresql://h/db?user=u&password=a#s3cret",
                "http://u:s3cret@h/db"
            })
    void what_can_not_be_read_in_one_way_alone_is_refused_without_repeating_it(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text, "", ""))
                .isInstanceOf(Problem.class)
                .hasNoCause()
                .hasMessageContaining("%2F")
                .hasMessageContaining("BRIGADE_DATABASE_PASSWORD")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void options_go_to_the_driver_by_its_names_and_the_schema_is_ours() {
        DatabaseAddress address = DatabaseAddress.parse(
                "postgresql://h/db?sslmode=require&channel_binding=require&pgbouncer=true&currentSchema=app", "", "");
        assertThat(address.options())
                .containsOnly(Map.entry("sslmode", "require"), Map.entry("channelBinding", "require"));
        assertThat(address.schema()).isEqualTo("app");
    }

    @Test
    void the_password_is_not_in_its_text() {
        assertThat(DatabaseAddress.parse("postgresql://u:secret@h/db", "", "")).hasToString("postgresql://h/db");
    }
}
