package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FeedCommandTest {
    private static final String SAMPLE = TestService.HOME + "/samples/leaderboard/";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void feed_sets_the_tables_up_and_loads_and_may_be_repeated() {
        String uri = TestDatabase.newUri();
        String file = SAMPLE + "pipeline_result.expected.csv";
        CommandResult first = CommandResult.of(Map.of(), "feed", uri, file);
        CommandResult second = CommandResult.of(Map.of(), "feed", "jdbc:" + uri.replace("postgres@", ""), file);
        assertThat(first.err()).isEmpty();
        assertThat(first.out()).startsWith("8 rows are in the table leaderboard of postgresql://localhost:");
        assertThat(second.status()).isEqualTo(1);
        assertThat(CommandResult.of(
                                Map.of("BRIGADE_DATABASE_USER", "postgres"), "feed", uri.replace("postgres@", ""), file)
                        .status())
                .isZero();
    }

    @Test
    void a_feed_that_takes_long_renews_its_lease() throws Exception {
        String uri = TestDatabase.newUri();
        String file = SAMPLE + "pipeline_result.expected.csv";
        assertThat(CommandResult.of(Map.of(), "feed", uri, file).status()).isZero();
        String lease =
                "SELECT coalesce(max(extract(epoch FROM lease_until)), 0) FROM brigade.runs WHERE state = 'running'";
        Future<CommandResult> feed;
        try (Connection other = DriverManager.getConnection("jdbc:" + uri.replace("postgres@", ""), "postgres", "");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE leaderboard");
            feed = CompletableFuture.supplyAsync(() -> CommandResult.of(Map.of(), "feed", uri, file));
            double begun = await().atMost(Duration.ofSeconds(30)).until(() -> number(statement, lease), at -> at > 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> number(statement, lease) > begun + 2);
        }
        assertThat(feed.get(30, TimeUnit.SECONDS).status()).isZero();
    }

    @Test
    void feed_refuses_a_file_that_is_no_result_with_line_and_column() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.csv"), "user_id,messages,name\n1,5,Ana\n2,-1,Bo\n");
        CommandResult result = CommandResult.of(Map.of(), "feed", TestDatabase.newUri(), bad.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("bad.csv, line 3, column messages: '-1' is not a whole number.\n");
    }

    @Test
    void feed_compares_ids_without_blanks_and_takes_no_missing_ones() throws IOException {
        String uri = TestDatabase.newUri();
        Path twice = Files.writeString(folder.resolve("twice.csv"), "user_id,messages,name\n1,5,A\n\u00a01,6,B\n");
        assertThat(CommandResult.of(Map.of(), "feed", uri, twice.toString()).err())
                .isEqualTo("twice.csv, line 3, column user_id: 1 is in an earlier row already.\n");
        Path missing = Files.writeString(folder.resolve("missing.csv"), "user_id,messages,name\nNaN,5,A\n");
        assertThat(CommandResult.of(Map.of(), "feed", uri, missing.toString()).err())
                .isEqualTo("missing.csv, line 2, column user_id: 'NaN' stands for a missing value. Remove this row.\n");
    }

    @Test
    void feed_tells_a_header_in_the_middle_by_name() throws IOException {
        Path joined = Files.writeString(
                folder.resolve("joined.csv"), "user_id,messages,name\n1,5,Ana\nUser ID,Messages,Name\n2,6,Bo\n");
        assertThat(CommandResult.of(Map.of(), "feed", TestDatabase.newUri(), joined.toString())
                        .err())
                .isEqualTo("joined.csv, line 3: this is the header again; were two files joined? Remove this row.\n");
    }

    private static double number(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getDouble(1);
        }
    }
}
