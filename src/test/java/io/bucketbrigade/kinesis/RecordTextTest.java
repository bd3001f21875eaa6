package io.bucketbrigade.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.buffers.ReceivedRow;
import io.bucketbrigade.buffers.SentRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTextTest {
    private static List<String> read(byte[] record) {
        return RecordText.rows(record, "here").stream()
                .map(RecordTextTest::shown)
                .toList();
    }

    private static String shown(ReceivedRow row) {
        return row.key() + " " + row.number() + " " + new String(row.text().array(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void rows_come_back_with_their_keys_and_numbers() {
        RecordText text = new RecordText();
        text.add(new SentRow("file", 7, "A", "{\"a\":\"é\"}"));
        text.add(new SentRow("file", 8, "A", "{\"a\":2}"));
        text.add(new SentRow("file", 10, "A", "{\"a\":3}"));
        text.add(new SentRow("say \"so\"", 11, "A", "{\"a\":4}"));
        assertThat(read(text.bytes()))
                .containsExactly(
                        "file 7 {\"a\":\"é\"}", "file 8 {\"a\":2}", "file 10 {\"a\":3}", "say \"so\" 11 {\"a\":4}");
    }

    @Test
    void lines_of_others_are_rows_without_a_key_and_an_empty_record_is_one_that_cannot_be_used() {
        assertThat(read(bytes("{\"a\":1}\n\n{\"a\":2}"))).containsExactly("null 0 {\"a\":1}", "null 1 {\"a\":2}");
        assertThat(read(bytes(""))).containsExactly("null null ");
        assertThat(read(bytes("{\"Idempotency-Key\":"))).containsExactly("null 0 {\"Idempotency-Key\":");
    }

    @Test
    void a_record_has_no_room_for_more_than_kinesis_accepts() {
        RecordText text = new RecordText();
        SentRow large = new SentRow("k", 0, "A", "x".repeat(900_000));
        assertThat(text.hasRoomFor(large, 1_000_000)).isTrue();
        text.add(large);
        assertThat(text.hasRoomFor(new SentRow("k", 1, "A", "{}"), 1_000_000)).isTrue();
        assertThat(text.hasRoomFor(large, 1_000_000)).isFalse();
    }
}
