package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.BuiltProgram;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inputs that are larger than the memory they are given, in a process with little of it. The long form has larger ones:
 * {@code ./mvnw verify -Dit.test=MonstrousInputIT -Dmegabytes=500}
 */
@Tag("slow")
class MonstrousInputIT {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n";
    private static final int MEGABYTE = 1 << 20;
    private static final int MEMORY = 96;
    private static final int LARGER_THAN_MEMORY = Integer.getInteger("megabytes", 100);

    @TempDir
    private Path folder = Path.of("");

    private record Outcome(int status, String printed) {}

    private Outcome aggregate() throws Exception {
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(BuiltProgram.commandWithin(
                        MEMORY,
                        "aggregate",
                        folder.resolve("messages.csv").toString(),
                        folder.resolve("users.csv").toString(),
                        folder.resolve("out.csv").toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("no hang").isTrue();
        String printed = Files.readString(log);
        assertThat(printed).doesNotContain("OutOfMemory", "\tat ", "fault in Bucket Brigade");
        return new Outcome(process.exitValue(), printed);
    }

    private void write(String name, String before, String repeated, int megabytes, String after) throws IOException {
        byte[] piece = repeated.repeat(MEGABYTE / repeated.length()).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(before.getBytes(StandardCharsets.UTF_8));
            for (int written = 0; written < megabytes; written++) {
                out.write(piece);
            }
            out.write(after.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void users() throws IOException {
        Files.writeString(folder.resolve("users.csv"), USERS + "1,Ana,Lima\n");
    }

    @Test
    void a_content_larger_than_the_memory_is_a_message_like_any_other() throws Exception {
        users();
        write("messages.csv", MESSAGES + "1,1,x,\"", "line of text, ", LARGER_THAN_MEMORY, "\"\n2,1,x,y\n");
        assertThat(aggregate().status()).isZero();
        assertThat(folder.resolve("out.csv")).hasContent("user_id,messages,name\n1,2,Ana Lima\n");
    }

    @Test
    void a_quote_that_never_closes_in_more_than_the_memory_holds_is_said_with_its_line() throws Exception {
        users();
        write("messages.csv", MESSAGES + "1,1,x,y\n2,1,x,\"", "text\n2,1,x,y\n", LARGER_THAN_MEMORY, "");
        Outcome outcome = aggregate();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.printed()).contains("messages.csv, line 3", "a quote is opened and never closed");
    }

    @Test
    void a_header_larger_than_the_memory_is_none() throws Exception {
        users();
        write(
                "messages.csv",
                "message_id,author_id,received_at,content,",
                "column,",
                LARGER_THAN_MEMORY,
                "\n1,1,x,y\n");
        Outcome outcome = aggregate();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.printed()).contains("messages.csv, line 1", "the first row is not a header");
    }

    @Test
    void a_hundred_thousand_columns_are_only_columns() throws Exception {
        users();
        String columns = ",c".repeat(100_000);
        Files.writeString(
                folder.resolve("messages.csv"),
                MESSAGES.strip() + columns + "\n" + ("1,1,x,y" + ",".repeat(100_000) + "\n").repeat(3) + "2,1,x,y\n");
        Outcome outcome = aggregate();
        assertThat(outcome.printed()).contains("4 fields where the header has 100004");
    }

    @Test
    void names_and_ids_of_megabytes_do_no_harm() throws Exception {
        String long2 = "n".repeat(2 * MEGABYTE);
        Files.writeString(folder.resolve("users.csv"), USERS + "1," + long2 + ",x\n" + long2 + ",a,b\n");
        Files.writeString(folder.resolve("messages.csv"), MESSAGES + "1,1,x,y\n2," + long2 + ",x,y\n");
        Outcome outcome = aggregate();
        assertThat(outcome.status()).isIn(0, 1);
        assertThat(outcome.printed().lines().toList()).hasSize(1).isNotEqualTo(List.of(""));
    }

    @Test
    void a_user_row_larger_than_the_memory_is_rejected() throws Exception {
        write("users.csv", USERS + "1,Ana,\"", "x", LARGER_THAN_MEMORY, "\"\n2,Bo,Ek\n");
        Files.writeString(folder.resolve("messages.csv"), MESSAGES + "1,1,x,y\n2,2,x,y\n");
        Outcome outcome = aggregate();
        assertThat(outcome.printed()).contains("users.csv, line 2");
    }
}
