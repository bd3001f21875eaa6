package io.bucketbrigade.aws;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
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
    private static final Duration KINESIS_MAY_BE_SILENT = Duration.ofSeconds(4);
    private static final Duration KINESIS_GIVES_UP = Duration.ofSeconds(8);

    private static final Duration TABLE_MAY_BE_SILENT = Duration.ofSeconds(5);

    /** It answers when it has accepted a statement, not when that is done. */
    private static final Duration REDSHIFT_MAY_BE_SILENT = Duration.ofSeconds(10);

    /** For the waits between attempts, connecting, and sending what is put. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(60);

    private static final int CONNECTIONS = 100;

    private final Supplier<AwsSettings> settings;
    private @Nullable S3Client s3;
    private @Nullable SqsClient sqs;
    private @Nullable SnsClient sns;
    private @Nullable DynamoDbClient dynamoDb;
    private @Nullable KinesisClient kinesis;
    private @Nullable RedshiftDataClient redshiftData;

    /** @param settings asked when a client is first used, so that nobody without a bucket needs them */
    public AwsClients(Supplier<AwsSettings> settings) {
        this.settings = settings;
    }

    /**
     * The client for S3.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized S3Client s3() {
        if (s3 == null) {
            AwsSettings current = settings.get();
            S3ClientBuilder builder = S3Client.builder();
            if (current.s3() != null) {
                builder.forcePathStyle(true);
            }
            s3 = build(builder, current, current.s3(), current.s3Timeout());
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
            AwsSettings current = settings.get();
            sqs = build(SqsClient.builder(), current, current.sqs(), QUEUE_MAY_BE_SILENT);
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
            AwsSettings current = settings.get();
            sns = build(SnsClient.builder(), current, current.sns(), TOPIC_MAY_BE_SILENT);
        }
        return sns;
    }

    /**
     * The client for DynamoDB.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized DynamoDbClient dynamoDb() {
        if (dynamoDb == null) {
            AwsSettings current = settings.get();
            dynamoDb = build(DynamoDbClient.builder(), current, current.dynamoDb(), TABLE_MAY_BE_SILENT);
        }
        return dynamoDb;
    }

    /**
     * The client for Kinesis, which gives up within seconds, because senders of rows wait for it.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized KinesisClient kinesis() {
        if (kinesis == null) {
            AwsSettings current = settings.get();
            kinesis =
                    build(KinesisClient.builder(), current, current.kinesis(), KINESIS_MAY_BE_SILENT, KINESIS_GIVES_UP);
        }
        return kinesis;
    }

    /**
     * The client for the Data API of Redshift.
     *
     * @throws Problem if region or endpoint are wrong
     */
    public synchronized RedshiftDataClient redshiftData() {
        if (redshiftData == null) {
            AwsSettings current = settings.get();
            redshiftData = build(RedshiftDataClient.builder(), current, current.redshiftData(), REDSHIFT_MAY_BE_SILENT);
        }
        return redshiftData;
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, AwsSettings settings, @Nullable URI endpoint, Duration silence) {
        return build(
                builder,
                settings,
                endpoint,
                silence,
                silence.multipliedBy(ATTEMPTS).plus(BETWEEN_ATTEMPTS));
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, AwsSettings settings, @Nullable URI endpoint, Duration silence, Duration longest) {
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.region(region(settings.region(), endpoint))
                .credentialsProvider(provider(settings.credentials()))
                .overrideConfiguration(
                        client -> client.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(ATTEMPTS)
                                        .build())
                                .apiCallTimeout(longest))
                .httpClientBuilder(ApacheHttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(CONNECT_WITHIN)
                        .connectionAcquisitionTimeout(silence)
                        .socketTimeout(silence))
                .build();
    }

    private static AwsCredentialsProvider provider(@Nullable AwsCredentials credentials) {
        return credentials == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(credentials);
    }

    private static Region region(@Nullable Region named, @Nullable URI endpoint) {
        if (named != null) {
            return named;
        }
        if (endpoint != null) {
            return Region.US_EAST_1;
        }
        return findRegion();
    }

    /**
     * The region where no setting names one: that of a profile, or of the machine at AWS that this is.
     *
     * @throws Problem if there is none
     */
    public static Region findRegion() {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException nowhere) {
            throw new Problem(
                    Kind.USAGE,
                    "No AWS region is set. Set AWS_REGION to the region of your buckets and tables.",
                    nowhere);
        }
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
        if (dynamoDb != null) {
            dynamoDb.close();
            dynamoDb = null;
        }
        if (kinesis != null) {
            kinesis.close();
            kinesis = null;
        }
        if (redshiftData != null) {
            redshiftData.close();
            redshiftData = null;
        }
    }
}
