package io.bucketbrigade.storage;

import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Puts into words what went wrong with S3. The codes: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
final class StoreTrouble {
    private StoreTrouble() {}

    /**
     * What an exception of a call means.
     *
     * @param key the key it was about, or what keys were to begin with
     */
    static RuntimeException of(Throwable thrown, String bucket, String key) {
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
        return switch (answer.statusCode()) {
            case 301, 307 ->
                problem(
                        Kind.USAGE,
                        "The bucket of " + object + " lies in another region. Set AWS_REGION to it.",
                        answer);
            case 400 ->
                code.equals("ExpiredToken")
                        ? refused(object, code, answer)
                        : passingCode(code)
                                ? away(object, code, answer)
                                : problem(
                                        Kind.USAGE,
                                        "S3 can't take the request for " + object + " (" + code + ").",
                                        answer);
            case 401, 403 ->
                code.equals("RequestTimeTooSkewed")
                        ? problem(
                                Kind.FORBIDDEN,
                                "S3 refuses the request for " + object
                                        + ": the clock of this machine is wrong. Set it.",
                                answer)
                        : refused(object, code, answer);
            case 404 ->
                code.equals("NoSuchBucket")
                        ? problem(
                                Kind.MISSING,
                                "There is no bucket " + bucket + " (asked for " + object
                                        + "). Make it, or name another.",
                                answer)
                        : problem(Kind.MISSING, "There is no object " + object + ".", answer);
            case 412, 416 -> changed(bucket, key);
            default ->
                answer.statusCode() >= 500 || answer.statusCode() == 429
                        ? away(object, code, answer)
                        : problem(Kind.USAGE, "S3 refuses the request for " + object + " (" + code + ").", answer);
        };
    }

    private static boolean passingCode(String code) {
        return code.equals("RequestTimeout") || code.equals("IncompleteBody");
    }

    private static Problem refused(String object, String code, Throwable cause) {
        return problem(
                Kind.FORBIDDEN,
                "The credentials in use give no access to " + object + " (" + code
                        + "). deploy/iam/ has the rights that are needed.",
                cause);
    }

    private static Problem failed(SdkException failure, String bucket, String key) {
        if (Reasons.nobody(failure)) {
            return problem(
                    Kind.FORBIDDEN,
                    "There are no AWS credentials or no region for " + object(bucket, key)
                            + ". Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, or use a role.",
                    failure);
        }
        return away(object(bucket, key), String.valueOf(failure.getMessage()), failure);
    }

    private static Problem away(String object, String reason, Throwable cause) {
        return problem(
                Kind.PASSING,
                "S3 can't be reached or can't answer now for " + object + " (" + Reasons.sentence(reason)
                        + "). It was tried several times.",
                cause);
    }

    /** A version is there no more, so what was read of it can't be completed. */
    static Problem changed(String bucket, String key) {
        return problem(Kind.PASSING, object(bucket, key) + " changed while being read. Try again.", null);
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
