package io.bucketbrigade.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.database.Copy;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/** PostgreSQL accepts every accepted row with the same value; what it would refuse is never sent. Judged by a plain twin. */
class TypedRowPropertyTest {
    private static final TableMapping MAPPING = new TableMapping(
            "t.csv",
            "t.csv",
            "typed",
            true,
            List.of(
                    Column.parse("big", "bigint, optional"),
                    Column.parse("small", "integer, from -3, to 2000000000, optional"),
                    Column.parse("price", "numeric, optional"),
                    Column.parse("day", "date, optional"),
                    Column.parse("truth", "boolean, optional"),
                    Column.parse("words", "text, optional")));

    private static final Database DATABASE = TestDatabase.newMigrated();

    @AfterContainer
    static void stop() {
        DATABASE.close();
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        Arbitrary<String> tokens = Arbitraries.oneOf(
                Arbitraries.of(
                        "", " ", "0", "-0", "007", "+1", "-", ".", "1.", ".5", "-.5", "1e5", "NaN", "1,5", "12 3",
                        "\\N"),
                Arbitraries.of("2.0", "-0.00", "2.50", "2.0.0", ".0", "NaT", "NULL", "null", "None", "none"),
                Arbitraries.of(
                        "2018-01-18 00:00:00",
                        "2018-01-18T00:00:00Z",
                        "2018-01-18T00:00:00.000+00:00",
                        "2018-01-18T00:00",
                        "2018-01-18 00:00:01",
                        "2018-01-18 ",
                        "2018-01-18T00:00:00+01:00"),
                Arbitraries.of(
                        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"),
                Arbitraries.of("-3", "-4", "2000000000", "2000000001", "2147483648", "99999999999999999999999"),
                Arbitraries.of(
                        "2024-02-29", "2023-02-29", "1900-02-29", "0001-01-01", "0000-01-01", "9999-12-31", "2024-2-3"),
                Arbitraries.of("true", "FALSE", "t", "No", "y", "1", "2", "truth"),
                Arbitraries.of(
                        "a\tb",
                        "back\\slash",
                        "line\nend",
                        "\r\n",
                        "\"quoted\"",
                        "ünïcödé",
                        "\u0000",
                        "'); DROP TABLE",
                        "\\."),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.bigDecimals().map(BigDecimal::toPlainString),
                Arbitraries.strings().ofMaxLength(12));
        Arbitrary<List<String>> row = Combinators.combine(tokens, tokens, tokens, tokens, tokens, tokens)
                .as((a, b, c, d, e, f) -> List.of(a, b, c, d, e, f));
        return row.list().ofMinSize(1).ofMaxSize(60);
    }

    @Property(tries = 60)
    void what_is_taken_arrives_in_postgresql_as_the_plain_twin_says(@ForAll("tables") List<List<String>> rows)
            throws Exception {
        List<String> expected = new ArrayList<>();
        StringBuilder csv = new StringBuilder("big,small,price,day,truth,words\n");
        for (List<String> row : rows) {
            List<String> quoted = row.stream()
                    .map(field -> '"' + wellFormed(field).replace("\"", "\"\"") + '"')
                    .toList();
            csv.append(String.join(",", quoted)).append('\n');
            String accepted =
                    twin(row.stream().map(TypedRowPropertyTest::wellFormed).toList());
            if (accepted != null) {
                expected.add(accepted);
            }
        }
        assertThat(copied(csv.toString())).isEqualTo(expected);
    }

    /** Half of a surrogate pair is not a character that UTF-8 can hold. */
    private static String wellFormed(String text) {
        return text.codePoints()
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static List<String> copied(String csv) throws Exception {
        Path file = Files.createTempFile("typed", ".csv");
        try {
            Files.writeString(file, csv);
            ByteArrayOutputStream typed = typed(file);
            try (Connection connection = DATABASE.pool().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("CREATE TEMPORARY TABLE typed (big bigint, small integer, price numeric, day date,"
                        + " truth boolean, words text, line bigint)");
                Copy.into(connection, "COPY typed FROM STDIN (ENCODING 'UTF8')", typed::writeTo);
                List<String> arrived = new ArrayList<>();
                try (ResultSet row = statement.executeQuery(
                        "SELECT big, small, price, day, truth, words FROM typed ORDER BY line")) {
                    while (row.next()) {
                        List<String> values = new ArrayList<>();
                        for (int column = 1; column <= 6; column++) {
                            values.add(String.valueOf(row.getString(column)));
                        }
                        arrived.add(String.join("|", values));
                    }
                }
                connection.rollback();
                return arrived;
            }
        } finally {
            Files.delete(file);
        }
    }

    private static ByteArrayOutputStream typed(Path file) throws IOException {
        ByteArrayOutputStream typed = new ByteArrayOutputStream();
        try (var source = TestLocations.FOLDERS.open(file.toString())) {
            Header header = Header.read(source);
            Records records = new Records(source, header, 100);
            TypedRow row = new TypedRow(MAPPING, new KnownKeys(List.of(MAPPING)));
            while (records.next()) {
                if (row.make(records, new int[] {0, 1, 2, 3, 4, 5}) == null) {
                    typed.write(row.bytes(), 0, row.length());
                }
            }
        }
        return typed;
    }

    /** The values as PostgreSQL prints them; null if the row can't be accepted. */
    private static @Nullable String twin(List<String> row) {
        try {
            return String.join(
                    "|",
                    whole(row.get(0), Long.MIN_VALUE, Long.MAX_VALUE),
                    whole(row.get(1), -3, 2_000_000_000),
                    decimal(row.get(2)),
                    day(row.get(3)),
                    truth(row.get(4)),
                    text(row.get(5)));
        } catch (IllegalArgumentException | java.time.DateTimeException refused) {
            return null;
        }
    }

    private static String trimmed(String field) {
        String stripped = stripped(field);
        return stripped.matches("NaN|nan|NaT|NULL|null|\\\\N|None") ? "" : stripped;
    }

    private static String stripped(String field) {
        return field.replaceAll("\\A[\\t-\\r\\p{Z}\\uFEFF]+|[\\t-\\r\\p{Z}\\uFEFF]+\\z", "");
    }

    private static String whole(String field, long least, long most) {
        String text = trimmed(field);
        if (text.isEmpty()) {
            return "null";
        }
        if (!text.matches("-?[0-9]+(\\.0+)?")) {
            throw new IllegalArgumentException(text);
        }
        long value = Long.parseLong(text.replaceAll("\\..*", ""));
        if (value < least || value > most) {
            throw new IllegalArgumentException(text);
        }
        return Long.toString(value);
    }

    private static String decimal(String field) {
        String text = trimmed(field);
        if (text.isEmpty()) {
            return "null";
        }
        if (!text.matches("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)")
                || text.replaceAll("[^0-9]", "").length() > 56) {
            throw new IllegalArgumentException(text);
        }
        BigDecimal value = new BigDecimal(text);
        return value.toPlainString();
    }

    private static String day(String field) {
        String text = trimmed(field);
        if (text.isEmpty()) {
            return "null";
        }
        LocalDate day =
                LocalDate.parse(text.replaceAll("(?<=^.{10})[ T]00:00(:00(\\.0+)?)?(Z|[+-]00:?00|[+-]00)?$", ""));
        if (day.getYear() < 1 || day.getYear() > 9999) {
            throw new IllegalArgumentException(text);
        }
        return day.toString();
    }

    private static String truth(String field) {
        return switch (trimmed(field).toLowerCase(Locale.ROOT)) {
            case "" -> "null";
            case "true", "t", "yes", "y", "1" -> "t";
            case "false", "f", "no", "n", "0" -> "f";
            default -> throw new IllegalArgumentException(field);
        };
    }

    private static String text(String field) {
        if (trimmed(field).isEmpty()) {
            return "null";
        }
        if (Blanks.strip(field).indexOf('\0') >= 0) {
            throw new IllegalArgumentException(field);
        }
        return Blanks.strip(field);
    }
}
