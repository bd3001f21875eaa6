package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The archive of one log, put back into another. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamRestoreTest {
    private static final String FILE = "0123456789abcdef".repeat(4);

    @TempDir
    private Path archive = Path.of("");

    private Database database;
    private String lost = "";
    private String again = "";

    @BeforeAll
    void connect() {
        database = TestDatabase.newMigrated();
    }

    @AfterAll
    void disconnect() {
        database.close();
    }

    @BeforeEach
    void create(TestInfo test) throws Exception {
        lost = "s" + Integer.toHexString(test.getDisplayName().hashCode());
        again = lost + "_again";
        for (String stream : List.of(lost, again)) {
            ask("SELECT brigade.create_stream('" + stream + "', 8), brigade.extend_stream('" + stream + "', '1 hour')");
        }
    }

    private String ask(String question) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement asking = connection.createStatement();
                ResultSet row = asking.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static Append rows(@Nullable String key, long first, long end) {
        List<ArrivedRow> rows = LongStream.range(first, end)
                .mapToObj(number -> new ArrivedRow(number, "", (int) (number % 8), "{\"n\":" + number + "}"))
                .toList();
        return new Append(key, rows, List.of(), new CompletableFuture<>());
    }

    private List<Receipt> append(String stream, Append... appends) throws SQLException {
        return new StreamLog(database.pool(), stream).append(List.of(appends));
    }

    private void archive() throws Exception {
        new StreamArchive(database.pool(), lost, TestLocations.FOLDERS, archive.toString(), 1, Duration.ofHours(1))
                .write();
    }

    private long restore() throws Exception {
        return restore(again);
    }

    private long restore(String stream) throws Exception {
        return new StreamRestore(database.pool(), stream, TestLocations.FOLDERS.of(archive.toString()), List.of())
                .restore(false, LoadedFiles.of(database.pool(), stream));
    }

    private String keys(String stream) throws SQLException {
        return ask(
                "SELECT string_agg(key || ' ' || stored, E'\n' ORDER BY key) FROM brigade.stream_keys WHERE stream = '"
                        + stream + "'");
    }

    @Test
    void rows_that_were_archived_are_known_by_their_keys_and_others_are_stored() throws Exception {
        String odd = "a \"quoted\" \\ key,\"_number\":7 \n ü 😀";
        append(lost, rows(FILE, 0, 100), rows(null, 0, 20), rows(odd, 3, 9));
        append(lost, rows(FILE, 200, 300), rows(odd, 12, 13));
        archive();
        append(lost, rows(FILE, 100, 150), rows("late", 0, 5));

        assertThat(restore()).isEqualTo(227);
        assertThat(keys(again)).isEqualTo(FILE + " {[0,100),[200,300)}\n" + odd + " {[3,9),[12,13)}");
        assertThat(append(again, rows(FILE, 0, 300), rows(null, 0, 20), rows(odd, 3, 13), rows("late", 0, 5)))
                .extracting(receipt -> receipt.accepted() + " + " + receipt.duplicate())
                .containsExactly("100 + 200", "20 + 0", "3 + 7", "5 + 0");
        assertThat(ask("SELECT count(*) || ' ' || count(DISTINCT (key_id, number)) FILTER (WHERE key_id IS NOT NULL)"
                        + " FROM " + StreamLog.table(again)))
                .isEqualTo("355 315");
    }

    @Test
    void a_key_that_was_forgotten_and_that_of_a_rejected_row_are_not_in_the_archive() throws Exception {
        append(lost, rows("old", 0, 9), rows(Repeatable.REJECTED + "5", 0, 1));
        ask("DELETE FROM brigade.stream_keys WHERE key = 'old' AND stream = '" + lost + "' RETURNING 1");
        archive();
        assertThat(restore()).isEqualTo(10);
        assertThat(keys(again)).isEqualTo("null");
    }

    @Test
    void a_row_with_what_unicode_takes_for_the_end_of_a_line_comes_back() throws Exception {
        String json = "{\"text\":\"\u2028 \u2029 \u0085\"}";
        append(lost, new Append("odd", List.of(new ArrivedRow(0, "", 3, json)), List.of(), new CompletableFuture<>()));
        archive();
        assertThat(restore()).isEqualTo(1);
        assertThat(ask("SELECT row::text FROM " + StreamLog.table(again))).isEqualTo(json);
    }

    @Test
    void in_the_same_database_a_key_that_was_forgotten_is_known_again() throws Exception {
        append(lost, rows(FILE, 0, 15));
        archive();
        ask("DELETE FROM brigade.stream_keys WHERE stream = '" + lost + "' RETURNING 1");
        assertThat(restore(lost)).isEqualTo(15);
        assertThat(keys(lost)).isEqualTo(FILE + " {[0,15)}");
        assertThat(append(lost, rows(FILE, 0, 16)).get(0).accepted()).isEqualTo(1);
    }

    @Test
    void a_key_was_used_when_its_last_row_arrived_but_a_file_is_known_as_if_it_was_used_now() throws Exception {
        append(lost, rows("old", 0, 9), rows(FILE, 0, 9));
        archive();
        restore();
        assertThat(ask(
                        "SELECT string_agg((k.used_at = l.arrived)::text, ' ' ORDER BY k.key DESC) FROM brigade.stream_keys k"
                                + " JOIN (SELECT key_id, max(arrived) AS arrived FROM " + StreamLog.table(again)
                                + " GROUP BY key_id) l ON l.key_id = k.id"))
                .isEqualTo("true false");
    }

    @Test
    void a_rebuild_that_was_interrupted_is_marked_and_can_be_done_again() throws Exception {
        append(lost, rows("key", 0, 64));
        archive();
        try (Stream<Path> files = Files.walk(archive)) {
            Path last = files.filter(file -> file.toString().contains("/07-"))
                    .findFirst()
                    .orElseThrow();
            Path aside = Files.move(last, archive.resolveSibling("aside.gz"));
            Files.write(last, new byte[] {1, 2, 3});
            assertThatThrownBy(this::restore).hasMessageContaining("is damaged");
            Files.delete(last);
            assertThat(ask("SELECT rebuilding FROM brigade.stream_logs WHERE stream = '" + again + "'"))
                    .isEqualTo("t");
            append(lost, rows("key", 64, 72));
            archive();
            Files.move(aside, last);
        }
        String restoring = "SELECT restoring FROM brigade.stream_logs WHERE stream = '" + again + "'";
        assertThat(ask(restoring)).isEqualTo("t");
        assertThat(restore()).as("of an archive that is longer by now").isEqualTo(72);
        assertThat(ask(restoring)).isEqualTo("f");
        assertThat(ask("SELECT rebuilding FROM brigade.stream_logs WHERE stream = '" + again + "'"))
                .as("until the rows are in the tables of the readers too")
                .isEqualTo("t");
        assertThat(keys(again)).isEqualTo("key {[0,72)}");
    }
}
