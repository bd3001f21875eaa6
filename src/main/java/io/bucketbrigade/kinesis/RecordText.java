package io.bucketbrigade.kinesis;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.buffers.ReceivedRow;
import io.bucketbrigade.buffers.SentRow;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a record of Kinesis: a JSON object per line. A line such as {@code {"Idempotency-Key":"file","Idempotency-Offset":17}} says under
 * which key, and from which number on, the rows below it were sent.
 */
final class RecordText {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEY_LINE = "{\"" + SentRow.KEY + "\":";

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private @Nullable String key;
    private long next;

    /** Whether a row fits, together with a line that names its key. */
    boolean hasRoomFor(SentRow row, int largest) {
        // Three bytes are the most that a character takes, and a key has at most 200 of them.
        return text.size() == 0 || text.size() + 3L * row.json().length() + 1000 <= largest;
    }

    void add(SentRow row) {
        if (!Objects.equals(key, row.key()) || row.number() != next) {
            line(JSON.createObjectNode()
                    .put(SentRow.KEY, row.key())
                    .put(SentRow.NUMBER, row.number())
                    .toString());
        }
        line(row.json());
        key = row.key();
        next = row.number() + 1;
    }

    private void line(String line) {
        text.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        text.write('\n');
    }

    int size() {
        return text.size();
    }

    byte[] bytes() {
        return text.toByteArray();
    }

    /**
     * Reads the rows of a record.
     *
     * @param place where the record was, for people
     */
    static List<ReceivedRow> rows(byte[] record, String place) {
        List<ReceivedRow> rows = new ArrayList<>();
        String key = null;
        long number = 0;
        int from = 0;
        while (from < record.length) {
            int end = from;
            while (end < record.length && record[end] != '\n') {
                end++;
            }
            byte[] line = Arrays.copyOfRange(record, from, end);
            from = end + 1;
            JsonNode named = named(line);
            if (named != null) {
                key = named.path(SentRow.KEY).asText();
                number = named.path(SentRow.NUMBER).asLong();
            } else if (!new String(line, StandardCharsets.UTF_8).isBlank()) {
                rows.add(new ReceivedRow(key, Long.toString(number), ByteBuffer.wrap(line), place));
                number++;
            }
        }
        return rows.isEmpty() ? List.of(new ReceivedRow(null, null, ByteBuffer.wrap(record), place)) : rows;
    }

    private static @Nullable JsonNode named(byte[] line) {
        if (!new String(line, 0, Math.min(line.length, KEY_LINE.length()), StandardCharsets.UTF_8).equals(KEY_LINE)) {
            return null;
        }
        try {
            return JSON.readTree(new String(line, StandardCharsets.UTF_8));
        } catch (JacksonException notJson) {
            return null;
        }
    }
}
