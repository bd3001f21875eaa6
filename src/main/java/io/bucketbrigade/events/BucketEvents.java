package io.bucketbrigade.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Values;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads messages about something that happened in a bucket: S3's own notifications, also wrapped by SNS, those of
 * EventBridge, and the test message that S3 sends when notifications are set up. Which object it was doesn't matter, because
 * a message only means "check now".
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">S3</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge</a>
 */
public final class BucketEvents {
    private static final Logger LOG = LoggerFactory.getLogger(BucketEvents.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHECK = "claim:";
    private static final int SHOWN = 200;

    private final Pipelines pipelines;
    private final Set<String> inUse = new HashSet<>();

    /**
     * @param places values of settings, some of which name the buckets in use
     * @throws Problem if one of them is meant as a bucket and can't be one
     */
    public BucketEvents(Collection<String> places, Pipelines pipelines) {
        this.pipelines = pipelines;
        places.forEach(this::addInUse);
    }

    /**
     * The pipelines whose inputs are to be checked because of a message: all that read files, if it is about a bucket in use; otherwise
     * none.
     *
     * @param message the message as it came; null if there was none for a while
     * @return their endpoints, separated by commas
     * @throws Problem if it can't be understood
     */
    public String checks(@Body @Nullable String message) {
        Set<String> buckets = message == null ? new HashSet<>() : buckets(message);
        buckets.retainAll(inUse);
        if (buckets.isEmpty()) {
            LOG.debug("Of no concern: {}", message);
            return "";
        }
        return pipelines.all().stream()
                .filter(pipeline -> pipeline.definition().inputs() != null)
                .map(pipeline -> CHECK + pipeline.name())
                .collect(Collectors.joining(","));
    }

    /** A setting may name several places. */
    private void addInUse(String places) {
        for (String place : Values.list(places)) {
            if (BucketName.isMeant(place)) {
                inUse.add(BucketName.parse(place).bucket());
            }
        }
    }

    /**
     * The buckets that a message is about.
     *
     * @throws Problem if it can't be understood
     */
    public static Set<String> buckets(String message) {
        JsonNode json = parse(message, message);
        if (json.path("Type").asText().equals("Notification")
                && json.path("Message").isTextual()) {
            json = parse(json.path("Message").asText(), message);
        }
        Set<String> buckets = new HashSet<>();
        for (JsonNode happened : json.path("Records")) {
            add(buckets, happened.path("s3").path("bucket").path("name"), message);
        }
        if (json.path("source").asText().equals("aws.s3")) {
            add(buckets, json.path("detail").path("bucket").path("name"), message);
        }
        boolean test = json.path("Event").asText().equals("s3:TestEvent");
        if (buckets.isEmpty() && !test) {
            throw notUnderstood(message);
        }
        return buckets;
    }

    private static void add(Set<String> buckets, JsonNode name, String message) {
        if (!name.isTextual()) {
            throw notUnderstood(message);
        }
        buckets.add(name.asText());
    }

    private static JsonNode parse(String text, String message) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw notUnderstood(message);
        }
    }

    private static Problem notUnderstood(String message) {
        String shown = message.strip().replaceAll("\\s+", " ");
        return new Problem(
                Kind.INPUT,
                "A message in the events queue is not from S3 and stays there for the queue's redrive policy: "
                        + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown));
    }
}
