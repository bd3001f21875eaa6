package io.bucketbrigade.aws;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;

/**
 * How AWS is reached. The credentials hide their secrets where they are printed.
 *
 * @param s3Timeout how long S3 may be silent before an attempt fails
 * @param region the region; null if it is the one that the AWS SDK finds
 * @param credentials who calls; null if it is who the AWS SDK finds
 * @param s3 the endpoint of S3; null if it is AWS's own
 * @param sqs the endpoint of SQS; null if it is AWS's own
 * @param sns the endpoint of SNS; null if it is AWS's own
 * @param dynamoDb the endpoint of DynamoDB; null if it is AWS's own
 * @param kinesis the endpoint of Kinesis; null if it is AWS's own
 * @param redshiftData the endpoint of the Data API of Redshift; null if it is AWS's own
 */
public record AwsSettings(
        Duration s3Timeout,
        @Nullable Region region,
        @Nullable AwsCredentials credentials,
        @Nullable URI s3,
        @Nullable URI sqs,
        @Nullable URI sns,
        @Nullable URI dynamoDb,
        @Nullable URI kinesis,
        @Nullable URI redshiftData) {

    /**
     * Reads them from the settings.
     *
     * @throws Problem if one of them can't be used
     */
    public static AwsSettings of(Settings settings) {
        String region = settings.text("aws.region");
        return new AwsSettings(
                settings.duration("brigade.s3.timeout"),
                region.isEmpty() ? null : Region.of(region),
                credentials(settings),
                endpoint(settings, "aws.endpoint.url.s3"),
                endpoint(settings, "aws.endpoint.url.sqs"),
                endpoint(settings, "aws.endpoint.url.sns"),
                endpoint(settings, "aws.endpoint.url.dynamodb"),
                endpoint(settings, "aws.endpoint.url.kinesis"),
                endpoint(settings, "aws.endpoint.url.redshift.data"));
    }

    private static @Nullable AwsCredentials credentials(Settings settings) {
        String key = settings.text("aws.access.key.id");
        String secret = settings.text("aws.secret.access.key");
        String session = settings.text("aws.session.token");
        if (key.isEmpty() || secret.isEmpty()) {
            return null;
        }
        return session.isEmpty()
                ? AwsBasicCredentials.create(key, secret)
                : AwsSessionCredentials.create(key, secret, session);
    }

    private static @Nullable URI endpoint(Settings settings, String own) {
        String key = settings.text(own).isEmpty() ? "aws.endpoint.url" : own;
        String text = settings.text(key);
        return text.isEmpty() ? null : Values.endpoint(settings.name(key), text);
    }
}
