package io.bucketbrigade.storage;

import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts an object in the place of one version and of no other: S3 compares and puts in one step (If-Match, If-None-Match). One request,
 * also where others are sent in parts, because not every server compares when the last part is in. camel-aws2-s3 4.17.0 can't put on a
 * condition.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">Conditional writes</a>
 */
final class ConditionalPut {
    /** That is all that S3 takes in one request. */
    private static final long MOST_BYTES = 5L << 30;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    private final String bucket;
    private final String key;
    private final UnaryOperator<Object> request;

    /** @param request takes a {@link MultipartWrite.Step}, and gives what that returns */
    ConditionalPut(String bucket, String key, UnaryOperator<Object> request) {
        this.bucket = bucket;
        this.key = key;
        this.request = request;
    }

    private Object take(MultipartWrite.Step step) {
        return request.apply(step);
    }

    /**
     * The version that is there; empty if there is none.
     *
     * @throws Problem if S3 refuses or can't be reached
     */
    Optional<StoredVersion> version() {
        Optional<?> head = (Optional<?>) take(this::head);
        return head.map(HeadObjectResponse.class::cast).map(found -> new StoredVersion(found.eTag(), found.metadata()));
    }

    private Optional<HeadObjectResponse> head(S3Client s3) {
        try {
            return Optional.of(s3.headObject(object -> object.bucket(bucket).key(key)));
        } catch (S3Exception refused) {
            if (refused.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Puts a file in the place of the version that was seen.
     *
     * @return whether it is there; if not, another version took the place of what was seen
     * @throws Problem if it is too large, or S3 refuses or can't be reached; the old one stays
     * @throws IOException if the file can't be read
     */
    boolean with(Path file, Optional<StoredVersion> seen, Map<String, String> metadata) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new Problem(
                    Kind.USAGE,
                    "s3://" + bucket + "/" + key
                            + " would be larger than 5 GiB, which S3 does not put on a condition. Use the service.");
        }
        PutObjectRequest.Builder put = PutObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .contentType(ObjectStore.contentType(key))
                .metadata(metadata);
        seen.ifPresentOrElse(version -> put.ifMatch(version.entityTag()), () -> put.ifNoneMatch("*"));
        return (Boolean) take(s3 -> isPut(s3, put.build(), file));
    }

    /** What was seen may also have been deleted (404), or somebody else may be putting at this moment (409). */
    private static boolean isPut(S3Client s3, PutObjectRequest put, Path file) {
        try {
            s3.putObject(put, RequestBody.fromFile(file));
            return true;
        } catch (S3Exception refused) {
            boolean isGone =
                    refused.statusCode() == NOT_FOUND && !Reasons.code(refused).equals("NoSuchBucket");
            if (refused.statusCode() == PRECONDITION_FAILED || refused.statusCode() == CONFLICT || isGone) {
                return false;
            }
            throw refused;
        }
    }
}
