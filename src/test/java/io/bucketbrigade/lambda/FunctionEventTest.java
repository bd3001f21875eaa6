package io.bucketbrigade.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionEventTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVENT_BRIDGE = """
            {"version":"0","detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"raw"},"object":{"key":"users.csv"}}}
            """;
    private static final String TEST_EVENT = """
            {"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-01T00:00:00.000Z","Bucket":"raw"}
            """;

    private static FunctionEvent parse(String event) {
        return FunctionEvent.parse(event.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String ofTopic(String message) {
        return """
                {"Records":[{"EventSource":"aws:sns","EventVersion":"1.0","Sns":{"Type":"Notification","MessageId":"m","Message":%s}}]}
                """.formatted(text(message));
    }

    private static String ofQueue(Map<String, String> bodies) {
        StringBuilder records = new StringBuilder();
        bodies.forEach((id, body) -> records.append(records.isEmpty() ? "" : ",")
                .append("{\"messageId\":%s,\"eventSource\":\"aws:sqs\",\"body\":%s}".formatted(text(id), text(body))));
        return "{\"Records\":[" + records + "]}";
    }

    private static String envelope(String message) {
        return "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:eu-west-3:123456789012:raw\",\"Message\":"
                + text(message) + "}";
    }

    @Test
    void s3_event_bridge_sns_and_sqs_carry_the_same_change() {
        String s3 = FunctionBuckets.event("raw");

        assertThat(List.of(
                        s3,
                        EVENT_BRIDGE,
                        ofTopic(s3),
                        ofTopic(EVENT_BRIDGE),
                        ofQueue(Map.of("1", s3)),
                        ofQueue(Map.of("1", EVENT_BRIDGE)),
                        ofQueue(Map.of("1", envelope(s3))),
                        ofQueue(Map.of("1", envelope(EVENT_BRIDGE)))))
                .allSatisfy(event -> {
                    assertThat(parse(event).buckets()).containsExactly("raw");
                    assertThat(parse(event).strange()).isEmpty();
                });
    }

    @Test
    void a_batch_may_be_about_several_buckets() {
        FunctionEvent event = parse(ofQueue(Map.of(
                "1",
                FunctionBuckets.event("raw"),
                "2",
                FunctionBuckets.event("other"),
                "3",
                TEST_EVENT,
                "4",
                "no event")));

        assertThat(event.isBatch()).isTrue();
        assertThat(event.buckets()).containsExactly("other", "raw");
        assertThat(event.failed()).containsExactly("4");
        assertThat(event.strange()).containsExactly("no event");
    }

    @Test
    void the_test_message_of_s3_is_about_nothing() {
        assertThat(List.of(TEST_EVENT, ofTopic(TEST_EVENT), ofQueue(Map.of("1", envelope(TEST_EVENT)))))
                .allSatisfy(event -> {
                    assertThat(parse(event).buckets()).isEmpty();
                    assertThat(parse(event).strange()).isEmpty();
                    assertThat(parse(event).failed()).isEmpty();
                });
    }

    @Test
    void what_is_no_event_is_shown_in_one_short_line() {
        assertThat(List.of("", "{}", "[]", "null", "{\"Records\":[{}]}", "{\"Records\":7}", "x\ny".repeat(500)))
                .allSatisfy(event -> {
                    assertThat(parse(event).buckets()).isEmpty();
                    assertThat(parse(event).failed()).isEmpty();
                    assertThat(parse(event).strange()).singleElement().satisfies(shown -> assertThat(shown)
                            .hasSizeLessThan(250)
                            .doesNotContain("\n"));
                });
    }
}
