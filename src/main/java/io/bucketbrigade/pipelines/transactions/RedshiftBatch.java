package io.bucketbrigade.pipelines.transactions;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.streams.StreamBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** A batch as a file for COPY. Rows that Redshift can't hold are rejected, and are not in the file. */
final class RedshiftBatch {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final SerializedString LINE_END = new SerializedString("\n");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Integer> numbers = new ArrayList<>();
    private final Map<Integer, Positions> moved = new TreeMap<>();

    /** The first and the last position of a partition's rows. */
    private record Positions(long first, long last) {}

    /** @param without the numbers of rows that are not to be in the file although they could */
    RedshiftBatch(StreamBatch rows, Set<Integer> without) {
        int number = 0;
        try (JsonGenerator json = JSON.createGenerator(new GZIPOutputStream(bytes, 1 << 16))) {
            json.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
            json.setRootValueSeparator(LINE_END);
            for (Iterator<String> row = rows.eachRow().iterator(); row.hasNext(); number++) {
                SalesLine line = SalesLine.of(row.next());
                moved.merge(
                        line.source(),
                        new Positions(line.position(), line.position()),
                        (before, one) -> new Positions(before.first(), one.last()));
                Optional<String> fault = RedshiftLine.fault(line);
                if (fault.isPresent()) {
                    rows.reject(number, fault.get());
                } else if (!without.contains(number)) {
                    RedshiftLine.write(line, json);
                    numbers.add(number);
                }
            }
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
    }

    boolean isEmpty() {
        return numbers.isEmpty();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The number that a row has in the batch, by its line in the file, from 1. */
    Optional<Integer> number(int line) {
        return line < 1 || line > numbers.size() ? Optional.empty() : Optional.of(numbers.get(line - 1));
    }

    /** The lowest position. */
    long first() {
        return moved.values().stream().mapToLong(Positions::first).min().orElse(0);
    }

    /** The highest position. */
    long last() {
        return moved.values().stream().mapToLong(Positions::last).max().orElse(0);
    }

    /** What becomes of the position of each partition: unless rows are missing, it is behind those of the batch. */
    String moved() {
        return moved.entrySet().stream()
                .map(one -> "WHEN " + one.getKey() + " THEN CASE WHEN position >= "
                        + (one.getValue().first() - 1) + " THEN GREATEST(position, "
                        + one.getValue().last() + ") END")
                .collect(Collectors.joining(" "));
    }
}
