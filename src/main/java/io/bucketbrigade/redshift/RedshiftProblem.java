package io.bucketbrigade.redshift;

import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Puts into words what went wrong with a database of Redshift, by the code of the answer. All of it can be put right while the service runs, and
 * is tried again.
 *
 * @see <a href="https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html">Errors of the Data API</a>
 */
final class RedshiftProblem {
    private static final int SERVER_FAULT = 500;

    private RedshiftProblem() {}

    /** A statement failed. */
    static Problem failed(RedshiftAddress address, RedshiftError error) {
        return new Problem(Kind.TRANSIENT, "In " + address + " a statement failed: " + error.getMessage() + ".", error);
    }

    static Problem of(SdkException failure, RedshiftAddress address) {
        if (failure instanceof AwsServiceException answer) {
            return answered(answer, address);
        }
        return Reasons.missing(failure, address.toString())
                .map(missing -> problem(missing, failure))
                .orElseGet(() -> away(address, Reasons.sentence(String.valueOf(failure.getMessage())), failure));
    }

    private static Problem answered(AwsServiceException answer, RedshiftAddress address) {
        Optional<String> refusal = Refusals.reason(answer);
        if (refusal.isPresent()) {
            return problem("Redshift refuses the request for " + address + ": " + refusal.get(), answer);
        }
        String code = Reasons.code(answer);
        if (answer.isThrottlingException() || code.startsWith("Active")) {
            return problem(
                    "Redshift accepts fewer statements for " + address
                            + " than are sent. Nothing is lost; it is tried again.",
                    answer);
        }
        return switch (code) {
            case "AccessDeniedException" ->
                problem(
                        "The current credentials may not use " + address + Refusals.action(answer)
                                + ". deploy/iam/redshift-warehouse.json lists the rights that are needed.",
                        answer);
            case "ResourceNotFoundException", "ValidationException" ->
                problem(
                        "There is no such place as " + address + ", or it can't be used so ("
                                + Reasons.sentence(Refusals.message(answer))
                                + "). Check the names of workgroup or cluster, database, user and secret, and AWS_REGION.",
                        answer);
            case "DatabaseConnectionException" ->
                problem(
                        "The Data API could not connect to " + address + " ("
                                + Reasons.sentence(Refusals.message(answer)) + ").",
                        answer);
            default ->
                answer.statusCode() >= SERVER_FAULT
                        ? away(address, code, answer)
                        : problem("Redshift does not accept the request for " + address + " (" + code + ").", answer);
        };
    }

    private static Problem away(RedshiftAddress address, String reason, Throwable cause) {
        return problem(
                "Redshift can't be reached or does not answer for " + address + " (" + reason
                        + "). It was tried several times.",
                cause);
    }

    private static Problem problem(String sentence, Throwable cause) {
        return new Problem(Kind.TRANSIENT, sentence, cause);
    }
}
