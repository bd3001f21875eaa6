package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a call of send goes on with: what an earlier one has sent, unless the database was replaced behind the address. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendAgainTest {
    private static final String HEADER = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n";
    private static final String STORED = "SELECT sum(position) FROM brigade.stream_partitions";

    private static final String REJECTED =
            "line,reason,row\n3,\"Quantity is 'none', which is not a whole number.\",\"1,a,none,1/2/2011 0:00,1\"\n";

    @TempDir
    private Path folder = Path.of("");

    private Path services = Path.of("");
    private TestService service;

    @BeforeAll
    void start(@TempDir Path all) throws Exception {
        services = all;
        service = new TestService(services, Map.of("TRANSACTIONS_ARCHIVE_AGE", "1h"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /** With an archive of its own, which has files if an hour has just ended. */
    private void replaceDatabase() throws Exception {
        service.close();
        FileUtil.removeDir(services.resolve("transactions/raw").toFile());
        service.startAgain(TestDatabase.newUriWithTables());
    }

    /** For who sends, the same as another database, but done sooner. */
    private void forgetLog() throws Exception {
        service.execute("UPDATE brigade.stream_logs SET id = gen_random_uuid(); TRUNCATE brigade.stream_keys");
    }

    private Path file(int rows) throws IOException {
        return Files.writeString(
                folder.resolve("sales.csv"),
                IntStream.range(0, rows)
                        .mapToObj(row -> row + ",a," + (row == 1 ? "none" : "1") + ",1/2/2011 0:00,1\n")
                        .collect(Collectors.joining("", HEADER, "")));
    }

    private CommandResult send(Path file, String... options) {
        return Sent.result(file, service.address("/transactions"), folder, options);
    }

    private Path state() throws IOException {
        try (Stream<Path> kept = Files.list(folder.resolve("client/sent"))) {
            return kept.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Until the sender has noted that rows are in the database that the service has now. */
    private void awaitRowsInDatabase() {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> assertThat(
                        Files.readString(state()))
                .contains(service.ask("SELECT id FROM brigade.stream_logs")));
    }

    private void change(String old, String by) throws IOException {
        String state = Files.readString(state());
        assertThat(state).contains(old);
        Files.writeString(state(), state.replace(old, by));
    }

    @Test
    void a_file_that_was_sent_is_sent_to_another_database_as_a_whole() throws Exception {
        Path file = file(50);
        assertThat(send(file).out()).contains("50 rows read = 49 accepted + 0 duplicate + 1 rejected.");
        String before = service.ask(STORED);
        assertThat(send(file).out()).contains("was sent to", "already. 50 rows read");
        assertThat(service.ask(STORED)).isEqualTo(before);

        replaceDatabase();
        CommandResult sent = send(file);
        assertThat(sent.out())
                .contains(
                        "has another database than the one to which 50 rows of " + file
                                + " were sent, so all rows are sent.",
                        "50 rows read = 49 accepted + 0 duplicate + 1 rejected.");
        assertThat(service.ask(STORED)).isEqualTo("49");
        assertThat(folder.resolve("rejected.csv")).hasContent(REJECTED);
        assertThat(send(file).out()).contains("was sent to", "already. 50 rows read");
    }

    @Test
    void a_restart_is_not_another_database() throws Exception {
        Path file = file(10);
        assertThat(send(file).out()).contains("9 accepted");
        service.close();
        service.startAgain();
        assertThat(send(file).out()).contains("was sent to", "already. 10 rows read");
    }

    @Test
    void a_file_that_was_sent_in_part_begins_again_in_another_database_and_its_rejected_rows_do() throws Exception {
        Path file = file(40);
        assertThat(send(file).out()).contains("39 accepted");
        change("\"rows\":40,\"accepted\":39", "\"rows\":20,\"accepted\":19");
        change("\"isDone\":true", "\"isDone\":false");
        assertThat(send(file).out()).contains("row 20.", "40 rows read = 19 accepted + 20 duplicate + 1 rejected.");
        change("\"isDone\":true", "\"isDone\":false");
        forgetLog();
        assertThat(send(file).out())
                .contains("has another database", "40 rows read = 39 accepted + 0 duplicate + 1 rejected.");
        assertThat(folder.resolve("rejected.csv")).hasContent(REJECTED);
    }

    @Test
    void a_database_that_is_replaced_while_a_file_is_sent_gets_all_of_its_rows() throws Exception {
        Path file = file(41);
        CompletableFuture<CommandResult> sending = CompletableFuture.supplyAsync(() -> send(file, "--rate", "10"));
        awaitRowsInDatabase();
        replaceDatabase();
        CommandResult sent = sending.get();
        assertThat(sent.out()).contains("has another database than the one to which");
        assertThat(service.ask(STORED)).isEqualTo("40");
        assertThat(sent.out()).containsPattern("41 rows read = \\d+ accepted \\+ \\d+ duplicate \\+ 1 rejected\\.");
        assertThat(folder.resolve("rejected.csv")).hasContent(REJECTED);
    }

    @Test
    void services_with_databases_of_their_own_behind_one_address_are_noticed() throws Exception {
        Path file = file(42);
        CompletableFuture<CommandResult> sending = CompletableFuture.supplyAsync(() -> send(file, "--rate", "10"));
        for (int change = 1; change <= 2; change++) {
            awaitRowsInDatabase();
            service.execute("UPDATE brigade.stream_logs SET id = gen_random_uuid()");
        }
        assertThat(sending.get().err()).contains("has changed more than once while", "Let them use one database");
    }

    @Test
    void a_file_whose_progress_an_earlier_version_kept_goes_on_and_says_what_it_takes_for_granted() throws Exception {
        Path file = file(30);
        assertThat(send(file).out()).contains("29 accepted");
        Files.writeString(state(), Files.readString(state()).replaceFirst(",\"log\":\"[^\"]+\"", ""));
        assertThat(send(file).out())
                .contains("An earlier version noted how far", "was sent to", "already. 30 rows read");
        assertThat(send(file).out()).doesNotContain("An earlier version");
        forgetLog();
        assertThat(send(file).out()).contains("has another database", "29 accepted");
    }

    private void halfSent(Path file, int rows) throws IOException {
        assertThat(send(file).out()).contains(rows - 1 + " accepted");
        change("\"rows\":" + rows + ",\"accepted\":" + (rows - 1), "\"rows\":20,\"accepted\":19");
        change("\"isDone\":true", "\"isDone\":false");
    }

    @Test
    void rejected_rows_go_on_in_the_file_in_which_they_began() throws Exception {
        Path file = file(51);
        halfSent(file, 51);
        CommandResult sent = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.resolve("client").toString()),
                "send",
                file.toString(),
                service.address("/transactions"));
        assertThat(sent.out())
                .contains(
                        "Continues after row 20.",
                        "The rejected rows, with the reasons: " + folder.resolve("rejected.csv"));
        assertThat(send(file).out()).contains("already.", "The rejected rows are in " + folder.resolve("rejected.csv"));
    }

    @Test
    void a_removed_file_of_rejected_rows_is_said_and_a_changed_one_is_not_overwritten() throws Exception {
        Path file = file(52);
        halfSent(file, 52);
        String state = Files.readString(state());
        Path rejected = folder.resolve("rejected.csv");
        Files.writeString(rejected, "line,reason\n");
        CommandResult changed = send(file);
        assertThat(changed.err())
                .contains("can't be written to " + rejected + ": it was changed since those before were");
        assertThat(changed.status()).isEqualTo(1);
        assertThat(rejected).hasContent("line,reason\n");
        assertThat(Files.readString(state())).isEqualTo(state);
        Files.delete(rejected);
        assertThat(send(file).out())
                .contains("1 row rejected before is not in " + rejected + "; the file was removed.", "1 rejected.");
    }

    @Test
    void a_file_that_holds_something_else_is_not_overwritten_with_rejected_rows() throws Exception {
        Path file = file(53);
        Files.writeString(folder.resolve("rejected.csv"), "my,own\n");
        CommandResult sent = send(file);
        assertThat(sent.err()).contains("it exists, and does not hold rejected rows");
        assertThat(folder.resolve("rejected.csv")).hasContent("my,own\n");
    }

    private CommandResult sendByDefault(Path file, String address) {
        return CommandResult.of(
                Map.of("BRIGADE_DATA", folder.resolve("client").toString()), "send", file.toString(), address);
    }

    @Test
    void a_file_with_the_rejected_rows_of_another_is_neither_overwritten_nor_removed() throws Exception {
        assertThat(send(file(55)).out()).contains("1 rejected.");
        String rejectedOfTheFirst = Files.readString(folder.resolve("rejected.csv"));
        String good = HEADER + "55,a,1,1/2/2011 0:00,1\n";
        for (String rows : List.of(good, good + "56,a,none,1/2/2011 0:00,1\n")) {
            Path other = Files.writeString(folder.resolve("other.csv"), rows);
            CommandResult refused = send(other);
            assertThat(refused.err())
                    .contains(
                            "has rejected rows that were not noted for this file and this address. Name another file");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(folder.resolve("rejected.csv")).hasContent(rejectedOfTheFirst);
        }
        Path another = folder.resolve("another.csv");
        assertThat(send(folder.resolve("other.csv"), "--rejected", another.toString())
                        .out())
                .contains("1 accepted", "The rejected rows, with the reasons: " + another);
        assertThat(another).content().contains("56,a,none");
    }

    @Test
    void rejected_rows_of_a_file_that_is_sent_to_two_addresses_are_in_two_files() throws Exception {
        Path file = file(56);
        String address = service.address("/transactions");
        for (String to : List.of(address, address.replace("127.0.0.1", "localhost"))) {
            assertThat(sendByDefault(file, to).out()).contains("1 rejected.");
        }
        try (Stream<Path> kept = Files.list(folder.resolve("client/sent"))) {
            assertThat(kept.filter(name -> name.toString().endsWith(".rejected.csv")))
                    .hasSize(2)
                    .allSatisfy(rejected -> assertThat(rejected).hasContent(REJECTED));
        }
    }

    @Test
    void a_file_that_was_sent_is_known_as_sent_while_the_service_is_away() throws Exception {
        Path file = file(58);
        assertThat(send(file).out()).contains("57 accepted");
        service.close();
        CommandResult again = send(file);
        assertThat(again.out())
                .contains(
                        "Whether the service at " + service.address("/transactions")
                                + " still has the database to which " + file
                                + " was sent can't be asked at the moment: The service does not answer.",
                        "was sent to",
                        "already. 58 rows read")
                .doesNotContain("Waiting for");
        assertThat(again.status()).isEqualTo(1);
        service.startAgain();
    }

    @Test
    void unusable_rows_before_the_first_answer_are_not_taken_for_sent_by_an_earlier_version() throws Exception {
        Path file = Files.writeString(folder.resolve("sales.csv"), HEADER + "1,too few\n" + "59,a,1,1/2/2011 0:00,1\n");
        service.close();
        assertThat(send(file, "--patience", "1s").err()).contains("No service answers at");
        service.startAgain();
        CommandResult sent = send(file);
        assertThat(sent.out())
                .contains("2 rows read = 1 accepted + 0 duplicate + 1 rejected.")
                .doesNotContain("An earlier version", "Continues after");
    }

    @Test
    void where_an_earlier_version_put_rejected_rows_is_not_known() throws Exception {
        Path file = file(60);
        halfSent(file, 60);
        change("\"rejectedFile\":\"" + folder.resolve("rejected.csv") + "\"", "\"rejectedFile\":\"\"");
        Path other = folder.resolve("other.csv");
        assertThat(send(file, "--rejected", other.toString()).out())
                .contains("1 row rejected before is not in " + other + "; where, an earlier version did not note.");
    }

    @Test
    void nothing_is_left_of_a_refused_send_and_two_of_a_file_at_once_are_refused() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.csv"), "a,b\n1,2\n");
        assertThat(send(wrong).status()).isEqualTo(1);
        try (Stream<Path> kept = Files.list(folder.resolve("client/sent"))) {
            assertThat(kept.filter(file -> !file.endsWith(".lock"))).isEmpty();
        }
        Path file = file(54);
        CompletableFuture<CommandResult> sending = CompletableFuture.supplyAsync(() -> send(file, "--rate", "20"));
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> Files.exists(state()));
        assertThat(send(file).err()).contains("Another command is already sending " + file);
        assertThat(sending.get().out()).contains("53 accepted");
    }
}
