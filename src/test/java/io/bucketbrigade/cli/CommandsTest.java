package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String SAMPLE = TestService.HOME + "/samples/leaderboard/";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "up",
                "plan",
                "check",
                "doctor",
                "aggregate",
                "feed",
                "replay",
                "run",
                "merge",
                "migrate",
                "completion"
            })
    void every_command_helps_with_an_example(String command) {
        CommandResult help = CommandResult.of(Map.of(), command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("Usage: brigade " + command).contains("Example:");
    }

    @Test
    void without_a_command_the_commands_are_listed() {
        CommandResult help = CommandResult.of(Map.of());
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("aggregate", "feed", "migrate", "up", "demo");
    }

    @Test
    void wrong_usage_ends_with_2() {
        assertThat(CommandResult.of(Map.of(), "aggregate").status()).isEqualTo(2);
        assertThat(CommandResult.of(Map.of(), "nonsense").status()).isEqualTo(2);
    }

    @Test
    void aggregate_says_in_one_line_what_became_of_the_rows() {
        CommandResult result = CommandResult.of(
                Map.of(), "aggregate", SAMPLE + "messages.csv", SAMPLE + "users.csv", folder + "/ranking.csv");
        assertThat(result.out().lines())
                .singleElement()
                .asString()
                .matches(
                        "44 rows read, 8 authors, 1 unknown author, 0 rejected rows, \\d+\\.\\d\\d seconds: .*/ranking.csv");
        assertThat(folder.resolve("ranking.csv")).exists();
    }

    @Test
    void aggregate_replaces_the_old_result_only_with_a_whole_one() throws IOException {
        Path old = Files.writeString(folder.resolve("pipeline_result.csv"), "old");
        CommandResult result =
                CommandResult.of(Map.of(), "aggregate", SAMPLE + "users.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(old).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void a_tilde_is_the_home_folder_in_arguments() {
        CommandResult result = CommandResult.of(
                Map.of(), "aggregate", "~/no-such-folder/m.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.err()).isEqualTo(System.getenv("HOME") + "/no-such-folder/m.csv does not exist.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BRIGADE_UPLOAD_MAX", "BRIGADE_COUNTING_BLOCK"})
    void a_number_that_is_none_is_named(String setting) {
        CommandResult result = CommandResult.of(
                Map.of(setting, "10GB"), "aggregate", SAMPLE + "messages.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith(setting + " is '10GB'; it must be ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void a_share_may_be_a_whole_number(String share) {
        Map<String, String> environment = Map.of(
                "BRIGADE_DATA", folder.toString(),
                "LEADERBOARD_MAX_REJECTED", share,
                "LEADERBOARD_MAX_UNKNOWN", "1",
                "ORDERS_MAX_REJECTED", share,
                "STOCKS_MAX_MISSING", share);
        CommandResult result = CommandResult.of(
                environment, "aggregate", SAMPLE + "messages.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.err()).isEmpty();
        assertThat(CommandResult.of(environment, "plan").err()).isEmpty();
    }

    @Test
    void replay_says_when_no_service_runs() {
        CommandResult result =
                CommandResult.of(Map.of("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort())), "replay", "7");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("No service answers at http://127.0.0.1:", "./brigade up");
    }

    @Test
    void aggregate_names_the_files_that_were_given() throws IOException {
        Path chats =
                Files.writeString(folder.resolve("chats.csv"), "message_id,author_id,received_at,content\n1,4.0,t,a\n");
        Path people = Files.writeString(folder.resolve("people.csv"), "user_id,first_name,last_name\n4,Ana,Lima\n");
        String[] aggregate = {"aggregate", chats.toString(), people.toString(), folder.toString()};
        assertThat(CommandResult.of(Map.of(), aggregate).err())
                .startsWith(
                        "chats.csv has author '4.0', people.csv has user 4: none of the authors is in people.csv. ");
        Files.writeString(people, "user_id,first_name,last_name\n5,Ana,Lima\n4.0,Bo,Ek\n");
        Files.writeString(chats, "message_id,author_id,received_at,content\n1,4.0,t,a\n2,6,t,a\n");
        assertThat(CommandResult.of(Map.of("LEADERBOARD_MAX_UNKNOWN", "0%"), aggregate)
                        .err())
                .isEqualTo("1 of 2 authors of chats.csv (50%) is not in people.csv, more than LEADERBOARD_MAX_UNKNOWN"
                        + " allows (0%); it is 6. Add the missing users to people.csv or raise the limit.\n");
        assertThat(CommandResult.of(Map.of(), aggregate).status()).isZero();
        Files.writeString(chats, "message_id,author_id,received_at,content\n");
        assertThat(CommandResult.of(Map.of(), aggregate).err())
                .startsWith("chats.csv has no rows, so the board would become empty. Provide the whole chats.csv"
                        + ", or set");
    }

    @Test
    void a_missing_file_is_named_in_one_line_without_a_stack_trace() {
        CommandResult result =
                CommandResult.of(Map.of(), "aggregate", "/nowhere/m.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("/nowhere/m.csv does not exist.\n");
    }

    @Test
    void verbose_shows_the_stack_trace() {
        CommandResult result = CommandResult.of(
                Map.of(), "aggregate", "--verbose", "/nowhere/m.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.err()).contains("/nowhere/m.csv does not exist.").contains("\tat ");
    }

    @Test
    void a_wrong_setting_is_named_with_what_it_must_be() {
        CommandResult result = CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "lots"),
                "aggregate",
                SAMPLE + "messages.csv",
                SAMPLE + "users.csv",
                folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("LEADERBOARD_MAX_REJECTED is 'lots'; it must be a share from 0 to 1, such as 0.01 or 1%.\n");
    }

    @Test
    void migrate_says_how_many_and_then_that_all_is_up_to_date() throws IOException {
        long migrations;
        try (Stream<Path> files = Files.walk(TestService.HOME.resolve("routes"))) {
            migrations = files.filter(file -> file.toString().matches(".*/migrations/[VR].*[.]sql"))
                    .count();
        }
        String uri = TestDatabase.newUri();
        assertThat(CommandResult.of(Map.of(), "migrate", uri).out()).contains(migrations + " migrations applied");
        assertThat(CommandResult.of(Map.of(), "migrate", uri).out()).contains("up to date");
    }

    @Test
    void an_address_that_is_none_is_said_without_repeating_its_password() {
        CommandResult result = CommandResult.of(Map.of(), "migrate", "mysql://me:secret@host/db");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("postgresql://user:password@host:port/database")
                .doesNotContain("secret");
    }

    @Test
    void a_database_that_does_not_answer_is_said_without_its_password() {
        CommandResult result = CommandResult.of(
                Map.of(), "migrate", "postgresql://me:secret@localhost:" + TestService.freePort() + "/db");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("can't be used")
                .doesNotContain("secret")
                .doesNotContain("\tat ");
        CommandResult unusable =
                CommandResult.of(Map.of(), "migrate", "postgresql://me@localhost/db?socketFactory=secret");
        assertThat(unusable.status()).isEqualTo(1);
        assertThat(unusable.err()).contains("can't be used").doesNotContain("secret");
    }
}
