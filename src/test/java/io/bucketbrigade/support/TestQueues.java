package io.bucketbrigade.support;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A real SQS server (ElasticMQ) for the whole test run. */
public final class TestQueues {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int PORT = start();
    private static final SqsClient CLIENT = SqsClient.builder()
            .endpointOverride(endpoint())
            .region(Region.US_EAST_1)
            .httpClientBuilder(ApacheHttpClient.builder())
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any-secret")))
            .build();

    private TestQueues() {}

    private static int start() {
        int port = TestService.freePort();
        SQSRestServerBuilder.withInterface("127.0.0.1").withPort(port).start().waitUntilStarted();
        return port;
    }

    public static URI endpoint() {
        return URI.create("http://127.0.0.1:" + PORT);
    }

    /** A new queue's URL. */
    public static String newQueue() {
        return newQueueNamed("queue-" + COUNT.incrementAndGet());
    }

    /** A new queue's URL. */
    public static String newQueueNamed(String name) {
        return CLIENT.createQueue(request -> request.queueName(name)).queueUrl();
    }

    /** A new queue's URL; what was received twice in vain goes to the other one. */
    public static String newQueue(String deadLetters) {
        String arn = attribute(deadLetters, QueueAttributeName.QUEUE_ARN);
        return CLIENT.createQueue(request -> request.queueName("queue-" + COUNT.incrementAndGet())
                        .attributes(Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"maxReceiveCount\":\"2\",\"deadLetterTargetArn\":\"" + arn + "\"}")))
                .queueUrl();
    }

    public static void send(String queue, String message) {
        CLIENT.sendMessage(request -> request.queueUrl(queue).messageBody(message));
    }

    /** How many messages are in it, received but not yet deleted ones among them. */
    public static int size(String queue) {
        return Integer.parseInt(attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                + Integer.parseInt(attribute(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    private static String attribute(String queue, QueueAttributeName name) {
        return String.valueOf(
                CLIENT.getQueueAttributes(request -> request.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
                        .attributes()
                        .get(name));
    }
}
