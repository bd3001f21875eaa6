package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeCommandTest {
    private static final String SAMPLE = TestService.HOME + "/samples/leaderboard/";
    private static final String NOT_CHECKED =
            "Only quotes and the number of fields of the corrected rows were checked. The next run checks the rest.";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_corrected_rejected_csv_is_merged_into_a_new_file() throws IOException {
        Path messages = Files.writeString(
                folder.resolve("messages.csv"),
                "message_id,author_id,received_at,content\n1,1,x,\"a\nb\"\n2,,x,y\n3,1,x\n4,1,x,z\n");
        Path rejected = Files.writeString(
                folder.resolve("rejected.csv"),
                "file,line,reason,row\nmessages.csv,4,author_id is blank,\"2,7,x,\"\"y, corrected\"\"\"\n"
                        + "users.csv,2,other file,nonsense\nmessages.csv,5,3 fields,\n");
        CommandResult result = CommandResult.of(
                Map.of(), "merge", messages.toString(), rejected.toString(), folder + "/corrected.csv");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("3 rows written, 1 corrected, 1 skipped: ");
        assertThat(folder.resolve("corrected.csv"))
                .hasContent(
                        "message_id,author_id,received_at,content\n1,1,x,\"a\nb\"\n2,7,x,\"y, corrected\"\n4,1,x,z\n");
        Files.writeString(rejected, "file,line,reason,row\nmessages.csv,3,inside a row,x\n");
        CommandResult wrong =
                CommandResult.of(Map.of(), "merge", messages.toString(), rejected.toString(), folder + "/wrong.csv");
        assertThat(wrong.err()).contains("messages.csv, line 3: no row starts here");
        assertThat(folder.resolve("wrong.csv")).doesNotExist();
    }

    private String merge(Charset encoding, String file, String rejected) throws IOException {
        Path messages = Files.writeString(folder.resolve("messages.csv"), file, encoding);
        Path rows = Files.writeString(folder.resolve("rejected.csv"), "file,line,reason,row\n" + rejected);
        Files.deleteIfExists(folder.resolve("corrected.csv"));
        CommandResult result =
                CommandResult.of(Map.of(), "merge", messages.toString(), rows.toString(), folder + "/corrected.csv");
        return result.err() + result.out().replaceFirst(": /.*", "").stripTrailing();
    }

    @Test
    void merged_rows_keep_their_bytes_and_their_encoding() throws IOException {
        Charset windows = Charset.forName("windows-1252");
        String start = "message_id,author_id,received_at,content\r\n1,1,x,Grüße\r\n2,,x,„né”\r\n3,1,x\r\n";
        assertThat(
                        merge(
                                windows,
                                start,
                                "messages.csv,3,author_id is blank,\"2,7,x,„né” à 3 €\"\nmessages.csv,4,3 fields,\"3,1,x,ß\"\n"))
                .isEqualTo("3 rows written, 2 corrected, 0 skipped\n" + NOT_CHECKED);
        assertThat(Files.readString(folder.resolve("corrected.csv"), windows))
                .isEqualTo(start.replace("2,,x,„né”", "2,7,x,„né” à 3 €").replace("3,1,x\r", "3,1,x,ß\r"));
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        start,
                        "messages.csv,4,3 fields,\"3,1,x,→\"\nmessages.csv,3,author_id is blank,\n"))
                .isEqualTo("2 rows written, 1 corrected, 1 skipped\n" + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv")).content().endsWith("Grüße\r\n3,1,x,→\r\n");
        assertThat(merge(windows, start, "messages.csv,3,author_id is blank,\"2,7,x,→\"\n"))
                .isEqualTo(
                        "messages.csv, line 3: the corrected row holds '→', which Windows-1252, the encoding of this row in the"
                                + " file, doesn't have. Use another character, or save the file as UTF-8 first.\n");
        assertThat(folder.resolve("corrected.csv")).doesNotExist();
    }

    @Test
    void a_merge_into_the_file_itself_or_with_rows_of_another_file_is_refused() throws IOException {
        Path messages = Files.writeString(folder.resolve("messages.csv"), "message_id,author_id,received_at,content\n");
        Path rejected =
                Files.writeString(folder.resolve("r.csv"), "file,line,reason,row\nusers.csv,2,blank,\"1,a,b\"\n");
        assertThat(CommandResult.of(Map.of(), "merge", messages.toString(), rejected.toString(), messages.toString())
                        .err())
                .isEqualTo(messages + " is the input file, which is never overwritten. Name another file.\n");
        assertThat(CommandResult.of(Map.of(), "merge", messages.toString(), rejected.toString(), folder + "/new.csv")
                        .err())
                .startsWith(
                        "r.csv, column file: its rows are from users.csv, none of them from messages.csv. Name the file");
    }

    @Test
    void a_corrected_row_may_end_in_separators_that_are_blanks() throws IOException {
        String start = "message_id\tauthor_id\treceived_at\tcontent\n1\t1\tx\t\n2\t\tx\t\n";
        assertThat(merge(StandardCharsets.UTF_8, start, "messages.csv,3,author_id is blank,\"2\t7\tx\t\"\n"))
                .isEqualTo("2 rows written, 1 corrected, 0 skipped\n" + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv")).content().endsWith("\n1\t1\tx\t\n2\t7\tx\t\n");
    }

    @Test
    void rejected_rows_of_any_bytes_are_shown_and_merged_losslessly() throws IOException {
        byte[] every = new byte[128];
        for (int at = 0; at < every.length; at++) {
            every[at] = (byte) (128 + at);
        }
        String latin = new String(every, StandardCharsets.ISO_8859_1);
        String file = "message_id,author_id,received_at,content\n1,1,x,y\n2,,x," + latin + "\n";
        Path messages = Files.writeString(folder.resolve("messages.csv"), file, StandardCharsets.ISO_8859_1);
        CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "100%"),
                "aggregate",
                messages.toString(),
                SAMPLE + "users.csv",
                folder.toString());
        String rejected = Files.readString(folder.resolve("rejected.csv"));
        assertThat(rejected).contains("é", "€").doesNotContain("\uFFFD");
        assertThat(merge(
                        StandardCharsets.ISO_8859_1,
                        file,
                        rejected.lines().skip(1).collect(Collectors.joining("\n"))))
                .as("nobody changed anything")
                .isEqualTo("1 row written, 0 corrected, 1 skipped (1 unchanged in rejected.csv, so still wrong)");
        assertThat(merge(
                        StandardCharsets.ISO_8859_1,
                        file,
                        rejected.lines()
                                .skip(1)
                                .collect(Collectors.joining("\n"))
                                .replace("2,,x", "2,7,x")))
                .isEqualTo("2 rows written, 1 corrected, 0 skipped\n" + NOT_CHECKED);
        assertThat(Files.readString(folder.resolve("corrected.csv"), StandardCharsets.ISO_8859_1))
                .isEqualTo(file.replace("2,,x", "2,7,x"));
    }

    @Test
    void rejected_rows_that_are_not_listed_are_counted_and_a_merge_says_so() throws IOException {
        String file = "message_id,author_id,received_at,content\n" + "1,,x,y\n".repeat(1500) + "2,1,x,z\n";
        Path messages = Files.writeString(folder.resolve("messages.csv"), file);
        CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "100%"),
                "aggregate",
                messages.toString(),
                SAMPLE + "users.csv",
                folder.toString());
        String rejected = Files.readString(folder.resolve("rejected.csv"));
        assertThat(rejected.lines()).hasSize(1002);
        assertThat(rejected).endsWith("messages.csv,,\"500 further rows rejected, not listed here\",\n");
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        file,
                        rejected.lines()
                                .skip(1)
                                .collect(Collectors.joining("\n"))
                                .replace("1,,x", "1,7,x")))
                .isEqualTo("1,501 rows written, 1,000 corrected, 0 skipped\n"
                        + "Not in rejected.csv: 500 further rejected rows of messages.csv, copied unchanged. Replace messages.csv with"
                        + " corrected.csv; the next run lists what is still wrong.\n"
                        + NOT_CHECKED);
    }

    @Test
    void a_corrected_row_that_can_still_not_be_read_is_named_and_skipped() throws IOException {
        String file = "message_id,author_id,received_at,content\n1,,x,a\n2,,x,b\n3,,x,c\n4,,x,d\n5,,x,e\n6,,x,f\n";
        String blank = "author_id is blank";
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        file,
                        "messages.csv,2," + blank + ",\"1,7,x\"\n"
                                + "messages.csv,3," + blank + ",\"2,7,x,\"\"b\"\n"
                                + "messages.csv,4," + blank + ",\"message_id,author_id,received_at,content\"\n"
                                + "messages.csv,5," + blank + ",\"4,7,x,d\n4,8,x,d\"\n"
                                + "messages.csv,6," + blank + ",\",,,\"\n"
                                + "messages.csv,7," + blank + ",\"6,7,x,f\"\n"))
                .isEqualTo("3 rows written, 3 corrected, 4 skipped (3 still broken)\n"
                        + "messages.csv, line 2: 3 fields where the header has 4\n"
                        + "messages.csv, line 3: a quote is opened and never closed\n"
                        + "messages.csv, line 4: this is the header again; were two files joined?\n"
                        + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv"))
                .hasContent("message_id,author_id,received_at,content\n4,7,x,d\n4,8,x,d\n6,7,x,f\n");
    }

    @Test
    void an_apostrophe_that_keeps_spreadsheets_from_calculating_is_not_a_correction() throws IOException {
        assertThat(
                        merge(
                                StandardCharsets.UTF_8,
                                "message_id,author_id,received_at,content\n-1,,x,a\n=2,,x,b\n",
                                "messages.csv,2,author_id is blank,\"'-1,,x,a\"\nmessages.csv,3,author_id is blank,\"'=2,7,x,b\"\n"))
                .isEqualTo("1 row written, 1 corrected, 1 skipped (1 unchanged in rejected.csv, so still wrong)\n"
                        + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv")).hasContent("message_id,author_id,received_at,content\n=2,7,x,b\n");
    }

    @Test
    void a_row_that_fell_with_a_row_of_another_file_is_merged_unchanged() throws IOException {
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        "a,b,c,d\n1,2,3,4\n5,6,7,8\n",
                        "messages.csv,3,\"order_id: order 6 was rejected in orders.csv, line 2\",\"5,6,7,8\"\n"))
                .isEqualTo("2 rows written, 0 corrected, 0 skipped");
        assertThat(folder.resolve("corrected.csv")).hasContent("a,b,c,d\n1,2,3,4\n5,6,7,8\n");
    }
}
