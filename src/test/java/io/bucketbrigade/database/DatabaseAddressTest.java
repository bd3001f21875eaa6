package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import java.util.List;
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
                "postgresql://u:p@h/db?password=q%40r/s?t,jdbc:postgresql://h/db,u,q@r/s?t",
                "postgresql://u:p@h/100%,jdbc:postgresql://h/100%25,u,p",
                "postgresql://u:p@h:65535/db?sslmode=Require&ssl=TRUE,jdbc:postgresql://h:65535/db,u,p",
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
                "postgresql://me:1/s3cret?user=x@host",
                "postgresql://me:1/s3cret?user=x@host/",
                "postgresql://me:1/s3cret?user=x@host:5432?sslmode=require",
                "postgresql://me:1/s3cret?sslmode=x@host",
                "postgresql://me:1/s3cret#user=x@host",
                "postgresql://me:1/x?user=y&s3cret@host",
                "postgresql://me:1/s3@cret@host",
                "postgresql://me:pw@1/s3cret?user=x@host",
                "postgresql://me:pw@1/x?application_name=s3cret@host",
                "jdbc:postgresql://me:1/s3cret?password=x@host",
                "postgresql://u:x@h/db?password=q@s3cret/db",
                "postgresql://u:x@h/db?sslmod=require&password=q@s3cret/db",
                "postgresql://u:x@h:99999/db?password=q@s3cret/db",
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    h:99999/db                     | its port must be a whole number from 1 to 65535
                    h:0/db                         | its port must be a whole number from 1 to 65535
                    h:http/db                      | its port must be a whole number from 1 to 65535
                    h:5432,h2:123456/db?ssl=true   | its port must be a whole number from 1 to 65535
                    [::1]:x/db                     | its port must be a whole number from 1 to 65535
                    h/db?sslmode=s3cret            | its option sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full
                    h/db?sslmode=                  | its option sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full
                    h/db?requireAuth=md5,s3cret    | its option requireAuth must be one of password, md5, gss,
                    h/db?ssl=s3cret                | its option ssl must be one of true, false
                    h/db?tcpKeepAlive=s3cret       | its option tcpKeepAlive must be one of true, false
                    h/db?connect_timeout=s3cret    | its option connectTimeout must be a whole number from 0 to 2147483
                    h/db?socketTimeout=2147484     | its option socketTimeout must be a whole number from 0 to 2147483
                    h/db?prepareThreshold=-2       | its option prepareThreshold must be a whole number from -1 to 2147483647
                    h/db?sslMode=require           | one of its options is unknown (did you mean sslmode?)
                    h/db?conect_timeout=3          | one of its options is unknown (did you mean connectTimeout?)
                    h/db?colour=s3cret             | one of its options is unknown (options are those of PostgreSQL's JDBC driver
                    h/db?PGPORT=5432               | one of its options is unknown (options are those of PostgreSQL's JDBC driver
                    """)
    void the_wrong_part_is_named_with_what_is_allowed(String place, String what) {
        for (String credentials : List.of("", "u@", "u:s3cret@")) {
            assertThatThrownBy(() -> DatabaseAddress.parse("postgresql://" + credentials + place, "", ""))
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith("The address of the database can't be read: " + what)
                    .message()
                    .doesNotContain("s3cret");
        }
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
