package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.rows.CsvText;
import io.bucketbrigade.sending.SampleSending;
import io.bucketbrigade.starting.OneShot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A golden sample whose rows are sent to the pipeline's stream, file after file, as the command send does. */
final class SentSample {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final GoldenSample sample;
    private final OneShot camel;

    /** @param camel with the routes that read the stream */
    SentSample(GoldenSample sample, OneShot camel) {
        this.sample = sample;
        this.camel = camel;
    }

    /**
     * Sends its rows, and waits until all readers have dealt with them.
     *
     * @param folder where files may be written that nobody needs afterwards
     */
    SampleOutcome outcome(Path folder) throws IOException {
        Files.createDirectories(folder);
        ByteArrayOutputStream rejected = new ByteArrayOutputStream();
        try (CsvWriter csv = CsvText.writer(rejected)) {
            for (Path file : sample.files()) {
                String rows = SampleSending.send(sample.folder().resolve(file), folder, this::send);
                try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(rows)) {
                    records.forEach(row -> csv.writeRecord(
                            file.toString(), row.getField("line"), row.getField("reason"), row.getField("row")));
                }
            }
        }
        String lines = rejected.toString(StandardCharsets.UTF_8);
        long behind = awaitReaders();
        String why = String.join(" ", camel.degradations());
        return behind == 0
                ? new SampleOutcome("succeeded", "", lines.isEmpty() ? "" : GoldenSample.REJECTED_HEADER + lines)
                : new SampleOutcome("left rows that no reader has dealt with", why, "");
    }

    private JsonNode send(String key, long first, String rows) throws IOException {
        try {
            return JSON.valueToTree(camel.send(
                    sample.pipeline().name(),
                    Map.of("Idempotency-Key", key, "Idempotency-Offset", Long.toString(first)),
                    rows.getBytes(StandardCharsets.UTF_8)));
        } catch (Problem | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** How many rows are left when nothing moves any more. */
    private long awaitReaders() {
        RetryPolicy<Long> patience = RetryPolicy.<Long>builder()
                .abortOn(Throwable.class)
                .handleResultIf(behind -> behind > 0 && camel.degradations().isEmpty())
                .withDelay(Duration.ofMillis(20))
                .withMaxDuration(PATIENCE)
                .withMaxAttempts(-1)
                .build();
        return Failsafe.with(patience).get(() -> camel.behind(sample.pipeline().name()));
    }
}
