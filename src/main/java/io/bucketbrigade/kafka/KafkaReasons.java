package io.bucketbrigade.kafka;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What Kafka's clients give as reasons, in words for people. */
final class KafkaReasons {
    private final String topic;
    private final String servers;

    KafkaReasons(String topic, String servers) {
        this.topic = topic;
        this.servers = servers;
    }

    /** Why something failed. */
    Problem of(Throwable failed) {
        Throwable cause = (failed instanceof ExecutionException || failed instanceof CompletionException)
                        && failed.getCause() != null
                ? failed.getCause()
                : failed;
        if (cause instanceof Problem problem) {
            return problem;
        }
        return new Problem(
                cause instanceof RecordTooLargeException ? Kind.TOO_LARGE : Kind.TRANSIENT, words(cause), cause);
    }

    private String words(Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException || cause instanceof UnknownTopicIdException) {
            return "There is no topic " + topic + " in Kafka at " + servers
                    + ". Make it, with as many partitions as may be read at once: kafka-topics.sh --bootstrap-server "
                    + servers + " --create --topic " + topic + " --partitions 8.";
        }
        if (cause instanceof AuthenticationException) {
            return "Kafka at " + servers
                    + " does not accept who we are. Check the file that BRIGADE_KAFKA_PROPERTIES names.";
        }
        if (cause instanceof AuthorizationException) {
            return "Kafka at " + servers + " does not allow us to use the topic " + topic
                    + ". Allow Read, Write and Describe.";
        }
        if (cause instanceof NotEnoughReplicasException || cause instanceof NotEnoughReplicasAfterAppendException) {
            return "Too few replicas of the topic " + topic
                    + " are alive, so Kafka accepts no rows. Start its brokers.";
        }
        if (cause instanceof RecordTooLargeException) {
            return "A row is larger than the topic " + topic
                    + " allows. Raise its max.message.bytes, or send a smaller one.";
        }
        if (cause instanceof TimeoutException) {
            return "Kafka at " + servers
                    + " does not answer. Check that its brokers run and can be reached, and that the topic " + topic
                    + " has a leader.";
        }
        return "Kafka at " + servers + " can't do that at present ("
                + cause.getClass().getSimpleName() + ").";
    }
}
