package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SendIT {
    @Test
    void stopped_it_says_how_far_it_has_come_and_the_same_command_goes_on(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("sales.csv"),
                IntStream.range(0, 200)
                        .mapToObj(row -> row + ",a,1,1/2/2011 0:00,1\n")
                        .collect(Collectors.joining("", "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n", "")));
        Path said = folder.resolve("out.txt");
        Path sent = folder.resolve("client/sent");
        try (TestService service = new TestService(folder.resolve("service"), Map.of())) {
            String address = service.address("/transactions");
            ProcessBuilder builder = new ProcessBuilder(
                            BuiltProgram.command("send", file.toString(), address, "--rate", "10"))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment().put("BRIGADE_DATA", folder.resolve("client").toString());
            Process sending = builder.start();
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                try (Stream<Path> kept = Files.list(sent)) {
                    return kept.anyMatch(one -> one.toString().endsWith(".json"));
                }
            });
            sending.destroy();
            assertThat(sending.waitFor()).isNotZero();
            assertThat(Files.readString(said))
                    .matches("Stopped after \\d+ rows? of " + file + "; the same command goes on from there\\.\n");
            CommandResult again = CommandResult.of(
                    Map.of("BRIGADE_DATA", folder.resolve("client").toString()), "send", file.toString(), address);
            assertThat(again.out()).contains("Continues after row ").containsPattern("200 rows read = \\d+ accepted");
            assertThat(again.status()).isZero();
            assertThat(service.ask("SELECT sum(position) FROM brigade.stream_partitions"))
                    .isEqualTo("200");
        }
    }
}
