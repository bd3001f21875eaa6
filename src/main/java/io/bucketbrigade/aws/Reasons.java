package io.bucketbrigade.aws;

import io.bucketbrigade.problems.Problems;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What AWS and its SDK give as reasons, in a form that people can read. */
public final class Reasons {
    private Reasons() {}

    /** The code of an answer, or its status if it has none. */
    public static String code(AwsServiceException answer) {
        return answer.awsErrorDetails() == null
                ? "status " + answer.statusCode()
                : String.valueOf(answer.awsErrorDetails().errorCode());
    }

    /**
     * What is missing for the SDK to ask at all, and where to put it; empty if it did ask.
     *
     * @param what what was to be asked, for people
     */
    public static Optional<String> missing(SdkException failure, String what) {
        String reason = String.valueOf(failure.getMessage());
        if (reason.contains("Unable to load credentials")) {
            return Optional.of(
                    "There are no AWS credentials for " + what
                            + ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, put them into ~/.aws/credentials, or give this machine a role.");
        }
        return reason.contains("Unable to load region")
                ? Optional.of("No AWS region is set for " + what + ". Set AWS_REGION.")
                : Optional.empty();
    }

    /** Why a call got no answer; the words of the library only where nothing else is known. */
    static String away(SdkException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "there is no such address";
            }
            if (cause instanceof ConnectException) {
                return "nothing accepts connections at its address";
            }
            if (cause instanceof SocketTimeoutException || cause instanceof ApiCallTimeoutException) {
                return "no answer came in time";
            }
        }
        return sentence(String.valueOf(failure.getMessage()));
    }

    /** The first line, without the count of attempts and without a full stop. */
    public static String sentence(String reason) {
        int end = reason.indexOf(" (SDK Attempt Count");
        return Problems.firstLine(end < 0 ? reason : reason.substring(0, end));
    }
}
