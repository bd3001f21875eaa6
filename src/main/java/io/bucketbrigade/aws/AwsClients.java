package io.bucketbrigade.aws;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One client for each service of AWS, made when it is first used, so that nobody without a bucket waits for it. Credentials,
 * region and endpoint come from where they come from everywhere on AWS.
 *
 * <p>Requests are tried again with growing waits and jitter ({@link AwsRetryStrategy#standardRetryStrategy()}: also for
 * throttling, and fewer when much fails), within a bound on attempts and time.
 */
public final class AwsClients implements AutoCloseable {
    private static final int ATTEMPTS = 4;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
    /** It keeps silent as long as it waits for messages (see the route events-queue), and needs some time besides. */
    private static final Duration QUEUE_MAY_BE_SILENT = Duration.ofSeconds(14);

    private static final Duration TOPIC_MAY_BE_SILENT = Duration.ofSeconds(10);

    /** For the waits between attempts, connecting, and sending what is put. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(60);

    private static final int CONNECTIONS = 100;

    private final Settings settings;
    private @Nullable S3Client s3;
    private @Nullable SqsClient sqs;
    private @Nullable SnsClient sns;

    public AwsClients(Settings settings) {
        this.settings = settings;
    }

    /**
     * The client for S3.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized S3Client s3() {
        if (s3 == null) {
            Duration silence = settings.duration("brigade.s3.timeout");
            S3ClientBuilder builder = S3Client.builder();
            URI endpoint = endpoint("aws.endpoint.url.s3");
            if (endpoint != null) {
                builder.endpointOverride(endpoint).forcePathStyle(true);
            }
            prepare(builder, endpoint, silence);
            s3 = builder.httpClientBuilder(http(silence)).build();
        }
        return s3;
    }

    /**
     * The client for SQS.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized SqsClient sqs() {
        if (sqs == null) {
            var builder = SqsClient.builder();
            URI endpoint = endpoint("aws.endpoint.url.sqs");
            if (endpoint != null) {
                builder.endpointOverride(endpoint);
            }
            prepare(builder, endpoint, QUEUE_MAY_BE_SILENT);
            sqs = builder.httpClientBuilder(http(QUEUE_MAY_BE_SILENT)).build();
        }
        return sqs;
    }

    /**
     * The client for SNS.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized SnsClient sns() {
        if (sns == null) {
            var builder = SnsClient.builder();
            URI endpoint = endpoint("aws.endpoint.url.sns");
            if (endpoint != null) {
                builder.endpointOverride(endpoint);
            }
            prepare(builder, endpoint, TOPIC_MAY_BE_SILENT);
            sns = builder.httpClientBuilder(http(TOPIC_MAY_BE_SILENT)).build();
        }
        return sns;
    }

    private static ApacheHttpClient.Builder http(Duration silence) {
        return ApacheHttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT_WITHIN)
                .connectionAcquisitionTimeout(silence)
                .socketTimeout(silence);
    }

    private void prepare(AwsClientBuilder<?, ?> builder, @Nullable URI endpoint, Duration silence) {
        builder.region(region(endpoint))
                .credentialsProvider(credentials())
                .overrideConfiguration(
                        client -> client.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(ATTEMPTS)
                                        .build())
                                .apiCallTimeout(silence.multipliedBy(ATTEMPTS).plus(BETWEEN_ATTEMPTS)));
    }

    private AwsCredentialsProvider credentials() {
        String key = settings.text("aws.access.key.id");
        String secret = settings.text("aws.secret.access.key");
        String session = settings.text("aws.session.token");
        if (key.isEmpty() || secret.isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(
                session.isEmpty()
                        ? AwsBasicCredentials.create(key, secret)
                        : AwsSessionCredentials.create(key, secret, session));
    }

    private Region region(@Nullable URI endpoint) {
        String named = settings.text("aws.region");
        if (!named.isEmpty()) {
            return Region.of(named);
        }
        if (endpoint != null) {
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new Problem(
                    Kind.USAGE, "No AWS region is set. Set AWS_REGION to the region of your buckets.", nowhere);
        }
    }

    private @Nullable URI endpoint(String own) {
        String key = settings.text(own).isEmpty() ? "aws.endpoint.url" : own;
        String text = settings.text(key);
        if (text.isEmpty()) {
            return null;
        }
        return Values.endpoint(settings.name(key), text);
    }

    @Override
    public synchronized void close() {
        if (s3 != null) {
            s3.close();
            s3 = null;
        }
        if (sqs != null) {
            sqs.close();
            sqs = null;
        }
        if (sns != null) {
            sns.close();
            sns = null;
        }
    }
}
