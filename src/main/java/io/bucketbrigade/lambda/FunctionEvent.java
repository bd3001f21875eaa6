package io.bucketbrigade.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.events.BucketEvents;
import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Lambda hands to a function when something in a bucket changed: a notification of S3, an event of EventBridge, or a batch of messages of SNS
 * or SQS that carry these.
 *
 * @param buckets the buckets it is about; none for the test message that S3 sends when notifications are set up
 * @param isBatch whether it is a batch of messages of SQS
 * @param failed the messages of such a batch that can't be understood, by their ids
 * @param strange what can't be understood, in short
 */
record FunctionEvent(Set<String> buckets, boolean isBatch, Set<String> failed, List<String> strange) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 200;

    static FunctionEvent parse(byte[] event) {
        FunctionEvent parsed =
                new FunctionEvent(new TreeSet<>(), isBatch(event), new LinkedHashSet<>(), new ArrayList<>());
        parsed.add(new String(event, StandardCharsets.UTF_8));
        return parsed;
    }

    private static boolean isBatch(byte[] event) {
        return tree(event).at("/Records/0/eventSource").asText().equals("aws:sqs");
    }

    private static JsonNode tree(byte[] event) {
        try {
            return JSON.readTree(event);
        } catch (IOException noJson) {
            return JSON.missingNode();
        }
    }

    private void add(String event) {
        List<JsonNode> messages = new ArrayList<>();
        for (JsonNode happened : tree(event.getBytes(StandardCharsets.UTF_8)).path("Records")) {
            if (happened.path("eventSource").asText().equals("aws:sqs")
                    || happened.path("EventSource").asText().equals("aws:sns")) {
                messages.add(happened);
            }
        }
        if (messages.isEmpty()) {
            addMessage(event, "");
        }
        for (JsonNode message : messages) {
            String ofTopic = message.path("Sns").path("Message").asText();
            addMessage(
                    message.path("body").asText(ofTopic),
                    message.path("messageId").asText());
        }
    }

    private void addMessage(String message, String id) {
        try {
            buckets.addAll(BucketEvents.buckets(message));
        } catch (Problem notUnderstood) {
            String shown = message.strip().replaceAll("\\s+", " ");
            strange.add(shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown);
            if (!id.isEmpty()) {
                failed.add(id);
            }
        }
    }
}
