package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was in the fields of a file is in the table, to the last character. */
@Tag("slow")
class RawTablesTest {
    private static final int ROWS = 3000;
    private static final int COLUMNS = 4;
    /** So small that a file is written in several pieces. */
    private static final int FIRST_PIECE = 5000;

    private static final String[] PIECES = {
        "",
        "",
        "a",
        "Case Closed",
        " ",
        "  ",
        "\t",
        ",",
        ";",
        "|",
        "\"",
        "\"\"",
        "'",
        "\\",
        "\n",
        "\r\n",
        "\r",
        "é",
        "😀",
        "NULL",
        "NaN",
        "null",
        "-1",
        "1e3",
        "\u00a0",
        "\u0001",
        "\ufeff",
        "{",
        "#"
    };

    @TempDir
    private Path folder = Path.of("");

    private static String field(Random random) {
        StringBuilder field = new StringBuilder();
        for (int pieces = random.nextInt(5); pieces > 0; pieces--) {
            field.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return field.toString();
    }

    /** As RFC 4180 has it; what needs no quotes has them now and then all the same. */
    private static String written(String field, char separator, Random random) {
        boolean isPlain = field.chars().noneMatch(one -> one == '"' || one == '\n' || one == '\r' || one == separator);
        return isPlain && random.nextInt(4) > 0 ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    private static List<List<String>> fields(Random random) {
        List<List<String>> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            List<String> fields = new ArrayList<>();
            fields.add("row " + row);
            for (int column = 1; column < COLUMNS; column++) {
                fields.add(random.nextInt(3) == 0 ? "plain" : field(random));
            }
            rows.add(fields);
        }
        return rows;
    }

    private static String csv(List<List<String>> rows, char separator, String newline, Random random) {
        StringBuilder csv = new StringBuilder("a" + separator + "b" + separator + "c" + separator + "d" + newline);
        for (List<String> row : rows) {
            for (int column = 0; column < COLUMNS; column++) {
                csv.append(column == 0 ? "" : separator).append(written(row.get(column), separator, random));
            }
            csv.append(newline);
        }
        return csv.toString();
    }

    private List<List<String>> read(Database database, long run, String file) throws Exception {
        try (LakeRun lake = loaded(database, run, file)) {
            assertThat(rejected(lake)).isEmpty();
            return rows(lake);
        }
    }

    private LakeRun loaded(Database database, long run, String file) throws Exception {
        Path place = Files.createDirectories(folder.resolve("lake" + run));
        LakeRun lake = new TestLake(database, place).run(run);
        try {
            read(lake, folder, file);
            return lake;
        } catch (Exception failed) {
            lake.close();
            throw failed;
        }
    }

    private static List<String> rejected(LakeRun lake) throws SQLException {
        return lake.duck().ask("SELECT _source_line || ': ' || reason FROM rejects ORDER BY _source_line", rows -> {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        });
    }

    private static List<List<String>> rows(LakeRun lake) throws SQLException {
        return lake.duck().ask("SELECT a, b, c, d FROM rows ORDER BY _source_line", rows -> {
            List<List<String>> found = new ArrayList<>();
            while (rows.next()) {
                found.add(List.of(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
            }
            return found;
        });
    }

    @Test
    void each_field_is_in_the_table_as_it_was_in_the_file_whatever_it_holds() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            long run = 0;
            for (char separator : new char[] {',', ';', '\t', '|'}) {
                Random random = new Random(++run);
                List<List<String>> rows = fields(random);
                String file = "file" + run + ".csv";
                Files.writeString(
                        folder.resolve(file),
                        csv(rows, separator, run % 2 == 0 ? "\r\n" : "\n", random),
                        StandardCharsets.UTF_8);
                assertThat(read(database, run, file))
                        .as("separated by '" + separator + "'")
                        .isEqualTo(rows);
            }
        }
    }

    private String problem(Database database, long run, String header) throws Exception {
        Files.writeString(folder.resolve("odd.csv"), "\n" + header + "\n1,2\n");
        return String.valueOf(assertThrows(CsvException.class, () -> read(database, run, "odd.csv"))
                .getMessage());
    }

    @Test
    void columns_may_have_any_names_but_those_of_the_table_itself_and_no_two_the_same() throws Exception {
        List<String> odd = List.of(
                "a",
                "b",
                "c",
                "d",
                "q\"q",
                "n\nn",
                "e'f",
                "g,h",
                "$x",
                "%y",
                "a\\b",
                "\u0001z",
                "\uD83D\uDE00",
                "_id",
                "{");
        String header =
                odd.stream().map(name -> '"' + name.replace("\"", "\"\"") + '"').collect(Collectors.joining(","));
        Files.writeString(folder.resolve("odd.csv"), header + "\n" + "x,".repeat(odd.size() - 1) + "x\n");
        try (Database database = TestDatabase.newMigrated()) {
            assertThat(read(database, 1, "odd.csv")).isEqualTo(List.of(List.of("x", "x", "x", "x")));
            assertThat(problem(database, 2, "a,_RUN"))
                    .isEqualTo(
                            "odd.csv, line 2, column _RUN: the tables have this column already, for where a row comes from (_source_file, _source_line, _source_version, _fetched_at, _run). Rename it.");
            assertThat(problem(database, 3, "a,A"))
                    .isEqualTo(
                            "odd.csv, line 2, column A: there are two columns with this name, for which letter case does not count. Rename or remove one of them.");
            assertThat(problem(database, 4, "a,"))
                    .isEqualTo("odd.csv, line 2: the 2. column has no name. Name it, or remove it.");
            assertThat(problem(database, 5, "a,b\0"))
                    .isEqualTo("odd.csv, line 2: the header is not text. Save the file as CSV in UTF-8.");
        }
    }

    private void write(String file, int rows, String end) throws IOException {
        StringBuilder csv = new StringBuilder("a,b\n");
        for (int row = 0; row < rows; row++) {
            csv.append(row).append(",some words to fill it\n");
        }
        Files.writeString(folder.resolve(file), csv + end);
    }

    private static void read(LakeRun lake, Path folder, String... files) throws Exception {
        try (Inputs inputs = new Inputs()) {
            for (String file : files) {
                inputs.with(file, TestLocations.FOLDERS.of(folder.toString()).open(file));
            }
            new RawTables(
                            lake,
                            TestLocations.FOLDERS,
                            new InputFiles("a.raw", null, List.of()),
                            "rows",
                            "rejects",
                            FIRST_PIECE)
                    .read(inputs);
        }
    }

    private static List<String> readAll(LakeRun lake, Path folder, String... files) throws Exception {
        read(lake, folder, files);
        return lake.duck()
                .ask(
                        "SELECT _source_file || ' ' || count(*) || ' ' || count(DISTINCT _source_line) FROM rows GROUP BY _source_file ORDER BY 1",
                        rows -> {
                            List<String> found = new ArrayList<>();
                            while (rows.next()) {
                                found.add(rows.getString(1));
                            }
                            return found;
                        });
    }

    private static long dataFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    @Test
    void a_file_of_several_pieces_is_replaced_whole_and_one_that_breaks_in_a_later_piece_leaves_nothing()
            throws Exception {
        write("one.csv", 3000, "");
        write("two.csv", 4000, "");
        Path place = Files.createDirectories(folder.resolve("lake"));
        try (Database database = TestDatabase.newMigrated()) {
            TestLake tables = new TestLake(database, place);
            try (LakeRun lake = tables.run(1)) {
                assertThat(readAll(lake, folder, "one.csv", "two.csv"))
                        .containsExactly("one.csv 3000 3000", "two.csv 4000 4000");
                tables.publish(lake);
            }
            assertThat(dataFiles(place)).isGreaterThan(4);
            write("one.csv", 3500, "");
            try (LakeRun lake = tables.run(2)) {
                assertThat(readAll(lake, folder, "one.csv", "two.csv"))
                        .containsExactly("one.csv 3500 3500", "two.csv 4000 4000");
                tables.publish(lake);
            }
            long before = dataFiles(place);
            write("two.csv", 4500, "1,\"never closed\n");
            try (LakeRun lake = tables.run(3)) {
                assertThat(assertThrows(Problem.class, () -> readAll(lake, folder, "one.csv", "two.csv")))
                        .hasMessageContaining("two.csv, line 4502: a quote is opened and never closed.");
            }
            assertThat(dataFiles(place)).isEqualTo(before);
        }
    }

    @Test
    void a_row_that_is_too_long_only_when_it_is_written_for_DuckDB_is_rejected_and_the_longest_is_read()
            throws Exception {
        int longest = NumberedCsv.LONGEST_ROW - 3 * COLUMNS;
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("a,b,c,d\n1,x\",,\n2,".getBytes(StandardCharsets.UTF_8));
        file.writeBytes("é".repeat((longest - 1) / 2).getBytes(StandardCharsets.UTF_8));
        file.writeBytes(",,\n3,".getBytes(StandardCharsets.UTF_8));
        file.writeBytes(("x" + "\"".repeat(1_200_000)).getBytes(StandardCharsets.UTF_8));
        file.writeBytes(",,\n4,".getBytes(StandardCharsets.UTF_8));
        file.writeBytes("\u00ff".repeat(1_880_000).getBytes(StandardCharsets.ISO_8859_1));
        file.writeBytes(",,\n5,".getBytes(StandardCharsets.UTF_8));
        file.writeBytes("x".repeat(NumberedCsv.LONGEST_ROW - 4).getBytes(StandardCharsets.UTF_8));
        file.writeBytes(",,\n6,".getBytes(StandardCharsets.UTF_8));
        file.writeBytes("x".repeat(NumberedCsv.LONGEST_ROW).getBytes(StandardCharsets.UTF_8));
        file.writeBytes(",,\n7,,,\n".getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("long.csv"), file.toByteArray());
        String tooLong = ": the row is longer than 1900000 bytes, in UTF-8 and with each quote in it doubled";
        try (Database database = TestDatabase.newMigrated();
                LakeRun lake = loaded(database, 1, "long.csv")) {
            assertThat(rows(lake).stream().map(row -> row.get(0))).containsExactly("1", "2", "5", "7");
            assertThat(rejected(lake)).containsExactly("4" + tooLong, "5" + tooLong, "7" + tooLong);
        }
    }
}
