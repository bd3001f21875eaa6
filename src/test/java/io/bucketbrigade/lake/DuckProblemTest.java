package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DuckDB can't do is said in words, and SQL is blamed only where it is wrong. */
@Tag("slow")
class DuckProblemTest {
    private static final long MEMORY = 1 << 26;

    @TempDir
    private Path folder = Path.of("");

    private Problem problem(String sql) throws SQLException {
        try (DuckSession duck = DuckSession.open(new Lake.Limits(MEMORY, 2, folder.resolve("spill")))) {
            SQLException failure = assertThrows(SQLException.class, () -> duck.execute(sql));
            assertThat(failure.getSQLState())
                    .as("that tells DuckDB from PostgreSQL")
                    .isNull();
            return DuckProblem.of(failure, Path.of("a.sql"), "BRIGADE_LAKE_MEMORY");
        }
    }

    private Problem reading(Path file) throws SQLException {
        return problem("SELECT count(DISTINCT n) FROM read_parquet([" + DuckSession.quoted(file.toString()) + "])");
    }

    private static void assertSays(Problem problem, Kind kind, String words) {
        assertThat(problem.sentence()).isEqualTo(words);
        assertThat(problem.kind()).isEqualTo(kind);
    }

    @Test
    void wrong_SQL_is_named_with_its_line() throws Exception {
        assertThat(problem("SELECT 1,\n nope FROM range(3)"))
                .hasMessageStartingWith("a.sql, line 2: Binder Error: Referenced column \"nope\" not found")
                .hasMessageEndingWith(" Correct the SQL.");
    }

    @Test
    void memory_that_is_too_small_is_named_by_its_setting() throws Exception {
        assertSays(
                problem("SELECT list(md5(CAST(range AS VARCHAR))) FROM range(3000000)"),
                Kind.TRANSIENT,
                "a.sql needs more memory than BRIGADE_LAKE_MEMORY allows, or there is no room left in BRIGADE_DATA for what does not fit. Raise the one, or make room in the other.");
    }

    @Test
    void a_file_of_the_lake_that_is_missing_or_damaged_is_named() throws Exception {
        Path file = folder.resolve("run1-rows1.parquet");
        String damaged = "a.sql needs a file of the lake that is damaged: " + file + ". Put it back from a backup.";
        assertSays(
                reading(file),
                Kind.TRANSIENT,
                "a.sql needs a file of the lake that is missing: " + file + ". Put it back from a backup.");
        assertSays(reading(Files.createFile(file)), Kind.TRANSIENT, damaged);
        assertSays(reading(Files.writeString(file, "What was in it is not in it any more.")), Kind.TRANSIENT, damaged);
        try (DuckSession duck = DuckSession.open(new Lake.Limits(MEMORY, 2, folder.resolve("spill")))) {
            duck.execute("COPY (SELECT 'text ' || range % 1000 AS n FROM range(100000)) TO "
                    + DuckSession.quoted(file.toString()) + " (FORMAT parquet, COMPRESSION zstd)");
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(1000);
            bytes.write("No row was ever like this.".repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        assertSays(reading(file), Kind.TRANSIENT, damaged);
    }

    @Test
    void a_place_that_cannot_be_written_is_named() throws Exception {
        Path file = Files.createFile(folder.resolve("file")).resolve("a.parquet");
        assertSays(
                problem("COPY (SELECT 1) TO " + DuckSession.quoted(file.toString()) + " (FORMAT parquet)"),
                Kind.TRANSIENT,
                "a.sql needs a file that can't be opened: " + file
                        + " (Not a directory). Let the user that runs the service read and write there.");
    }

    @Test
    void what_only_we_wrote_is_to_be_reported() {
        assertSays(
                DuckProblem.of(
                        new SQLException("Invalid Input Error: CSV Error on Line: 2"), "bronze", "BRIGADE_LAKE_MEMORY"),
                Kind.INTERNAL,
                "The table bronze can't be made of the files: Invalid Input Error: CSV Error on Line: 2. Nothing was published. Please report this with the files.");
    }
}
