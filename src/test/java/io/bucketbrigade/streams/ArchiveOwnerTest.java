package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two logs that would write into one archive. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveOwnerTest {
    private Database database;

    @BeforeAll
    void connect() throws SQLException {
        database = TestDatabase.newMigrated();
        for (String stream : List.of("first", "second")) {
            execute("SELECT brigade.create_stream('" + stream + "', 8), brigade.extend_stream('" + stream
                    + "', '1 hour')");
        }
    }

    @AfterAll
    void disconnect() {
        database.close();
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement doing = connection.createStatement()) {
            doing.execute(statement);
        }
    }

    private StreamLog append(String stream, String json) throws SQLException {
        StreamLog log = new StreamLog(database.pool(), stream);
        log.append(List.of(
                new Append(null, List.of(new ArrivedRow(0, "", 3, json)), List.of(), new CompletableFuture<>())));
        log.identify();
        return log;
    }

    private void archive(String stream, Path place) throws Exception {
        new StreamArchive(database.pool(), stream, TestLocations.FOLDERS, place.toString(), 1, Duration.ofHours(1))
                .write();
    }

    private static List<String> files(Path place) throws Exception {
        try (Stream<Path> all = Files.walk(place)) {
            return all.filter(file -> file.toString().endsWith(".gz"))
                    .map(file -> place.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void only_the_log_that_began_an_archive_or_was_rebuilt_from_it_writes_there(@TempDir Path place) throws Exception {
        append("first", "{\"n\":1}");
        StreamLog second = append("second", "{\"n\":2}");
        archive("first", place);
        List<String> written = files(place);
        byte[] before = Files.readAllBytes(place.resolve(written.get(0)));

        assertThatThrownBy(() -> archive("second", place))
                .hasMessageContaining("is that of another log", second.identity());
        assertThat(files(place)).isEqualTo(written);
        assertThat(Files.readAllBytes(place.resolve(written.get(0)))).isEqualTo(before);

        new ArchiveOwner(TestLocations.FOLDERS.of(place.toString())).take(second.identity());
        append("first", "{\"n\":3}");
        assertThatThrownBy(() -> archive("first", place)).hasMessageContaining("is that of another log");
    }
}
