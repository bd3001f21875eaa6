package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was in the fields of a file is in the table, to the last character. */
@Tag("slow")
class RawTablesTest {
    private static final int ROWS = 3000;
    private static final int COLUMNS = 4;
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
        Inputs inputs = new Inputs()
                .with(file, TestLocations.FOLDERS.of(folder.toString()).open(file));
        try (inputs;
                LakeRun lake = new TestLake(database, folder.resolve("lake" + run)).run(run)) {
            Files.createDirectories(folder.resolve("lake" + run));
            new RawTables(lake, TestLocations.FOLDERS, new InputFiles("a.raw", null, List.of()), "rows", "rejects")
                    .read(inputs);
            long rejected =
                    lake.duck().ask("SELECT count(*) FROM rejects", rows -> rows.next() ? rows.getLong(1) : -1L);
            assertThat(rejected).isZero();
            return lake.duck().ask("SELECT a, b, c, d FROM rows ORDER BY _source_line", rows -> {
                List<List<String>> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(List.of(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
                return found;
            });
        }
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
}
