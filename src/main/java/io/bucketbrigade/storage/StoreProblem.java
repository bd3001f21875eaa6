package io.bucketbrigade.storage;

import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Puts into words what went wrong with S3, by the code of its answer and only then by its status. What another hand can put right
 * while the service runs (rights, keys, archived objects) is tried again later; what needs another setting is not.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Error responses of S3</a>
 */
public final class StoreProblem {
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([a-z0-9-]+)'");

    private StoreProblem() {}

    /**
     * What an exception of a call means.
     *
     * @param key the key it was about, or what keys were to begin with
     */
    public static RuntimeException of(Throwable thrown, String bucket, String key) {
        Optional<AwsServiceException> answered = Problems.find(thrown, AwsServiceException.class);
        if (answered.isPresent()) {
            return answered(answered.get(), bucket, key);
        }
        Optional<SdkException> failed = Problems.find(thrown, SdkException.class);
        if (failed.isPresent()) {
            return failed(failed.get(), bucket, key);
        }
        return Problems.of(thrown);
    }

    private static Problem answered(AwsServiceException answer, String bucket, String key) {
        String object = object(bucket, key);
        String code = Reasons.code(answer);
        Optional<String> refusal = Refusals.reason(answer);
        if (refusal.isPresent()) {
            return problem(Kind.FORBIDDEN, "S3 refuses the request for " + object + ": " + refusal.get(), answer);
        }
        return switch (code) {
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" -> elsewhere(object, answer);
            case "InvalidObjectState" ->
                problem(
                        Kind.FORBIDDEN,
                        object + " is archived and can't be read. Restore it, or keep it in a storage class that can be"
                                + " read at once.",
                        answer);
            case "ObjectLocked" -> locked(object, answer);
            case "NoSuchBucket" ->
                problem(
                        Kind.MISSING,
                        "There is no bucket " + bucket + " (asked for " + object + "). Create it, or name another.",
                        answer);
            case "InvalidBucketName" ->
                problem(
                        Kind.USAGE,
                        "'" + bucket + "' is not a valid bucket name (asked for " + object + "). Name another.",
                        answer);
            case "RequestTimeout", "IncompleteBody", "BadDigest", "OperationAborted", "ConditionalRequestConflict" ->
                away(object, code, answer);
            default -> byStatus(answer, bucket, key, code);
        };
    }

    private static Problem byStatus(AwsServiceException answer, String bucket, String key, String code) {
        String object = object(bucket, key);
        return switch (answer.statusCode()) {
            case 301, 307 -> elsewhere(object, answer);
            case 401, 403 -> refused(object, answer);
            case 404 -> problem(Kind.MISSING, "There is no object " + object + ".", answer);
            case 412, 416 -> changed(bucket, key);
            default ->
                answer.statusCode() >= 500 || answer.statusCode() == 429
                        ? away(object, code, answer)
                        : problem(
                                Kind.USAGE,
                                "S3 does not accept the request for " + object + " (" + code + ").",
                                answer);
        };
    }

    /** The answer names the region in its message ("expecting 'eu-central-1'") or in a header, if at all. */
    private static Problem elsewhere(String object, AwsServiceException answer) {
        Matcher expected = EXPECTED_REGION.matcher(Refusals.message(answer));
        Optional<String> region = expected.find()
                ? Optional.of(expected.group(1))
                : Optional.ofNullable(answer.awsErrorDetails())
                        .map(AwsErrorDetails::sdkHttpResponse)
                        .flatMap(response -> response.firstMatchingHeader("x-amz-bucket-region"));
        return problem(
                Kind.USAGE,
                "The bucket of " + object + " is in another region"
                        + region.map(name -> ", " + name + ". Set AWS_REGION=" + name + ".")
                                .orElse(". Set AWS_REGION to it."),
                answer);
    }

    private static Problem refused(String object, AwsServiceException answer) {
        if (Refusals.message(answer).toLowerCase(Locale.ROOT).matches(".*(object lock|worm protected|retention).*")) {
            return locked(object, answer);
        }
        return problem(
                Kind.FORBIDDEN,
                "The current credentials do not give access to " + object + Refusals.action(answer)
                        + ". deploy/iam/ lists the rights that are needed.",
                answer);
    }

    private static Problem locked(String object, AwsServiceException answer) {
        return problem(
                Kind.FORBIDDEN,
                object
                        + " is locked against changes (S3 Object Lock). Remove the lock, or name another place for results.",
                answer);
    }

    private static Problem failed(SdkException failure, String bucket, String key) {
        String object = object(bucket, key);
        return Reasons.missing(failure, object)
                .map(missing -> problem(Kind.FORBIDDEN, missing, failure))
                .orElseGet(() -> away(object, String.valueOf(failure.getMessage()), failure));
    }

    private static Problem away(String object, String reason, Throwable cause) {
        return problem(
                Kind.TRANSIENT,
                "S3 can't be reached or does not answer for " + object + " (" + Reasons.sentence(reason)
                        + "). It was tried several times.",
                cause);
    }

    /** A version does not exist any more, so what was read of it can't be completed. */
    static Problem changed(String bucket, String key) {
        return problem(Kind.TRANSIENT, object(bucket, key) + " changed while being read. Try again.", null);
    }

    /** Bytes that did not come whole, however often they were asked for. */
    static Problem brokenBody(String bucket, String key, String reason) {
        return away(object(bucket, key), reason, new IllegalStateException(reason));
    }

    private static Problem problem(Kind kind, String sentence, @Nullable Throwable cause) {
        return new Problem(kind, sentence, cause);
    }

    private static String object(String bucket, String key) {
        return BucketName.SCHEME + bucket + "/" + key;
    }
}
