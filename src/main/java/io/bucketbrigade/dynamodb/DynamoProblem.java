package io.bucketbrigade.dynamodb;

import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Puts into words what went wrong with a table, by the code of the answer. All of it can be put right while the service runs, and is tried again,
 * except for what is wrong in an item itself.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">Errors of DynamoDB</a>
 */
final class DynamoProblem {
    private static final int SERVER_FAULT = 500;

    private DynamoProblem() {}

    static Problem of(SdkException failure, String table) {
        if (failure instanceof AwsServiceException answer) {
            return answered(answer, table);
        }
        return Reasons.missing(failure, "the DynamoDB table " + table)
                .map(missing -> new Problem(Kind.TRANSIENT, missing, failure))
                .orElseGet(() -> away(table, Reasons.sentence(String.valueOf(failure.getMessage())), failure));
    }

    private static Problem answered(AwsServiceException answer, String table) {
        String code = Reasons.code(answer);
        Optional<String> refusal = Refusals.reason(answer);
        if (refusal.isPresent()) {
            return new Problem(
                    Kind.TRANSIENT,
                    "DynamoDB refuses the request for the table " + table + ": " + refusal.get(),
                    answer);
        }
        if (answer.isThrottlingException()) {
            return throttled(table, answer);
        }
        return switch (code) {
            case "ResourceNotFoundException" ->
                new Problem(
                        Kind.TRANSIENT,
                        "There is no DynamoDB table " + table + ". " + TableDefinition.make(table),
                        answer);
            case "ResourceInUseException" ->
                new Problem(
                        Kind.TRANSIENT,
                        "The DynamoDB table " + table + " is just being created or deleted. It is tried again.",
                        answer);
            case "AccessDeniedException" ->
                new Problem(
                        Kind.TRANSIENT,
                        "The current credentials may not use the DynamoDB table " + table + Refusals.action(answer)
                                + ". deploy/iam/store-table.json lists the rights that are needed.",
                        answer);
            case "ValidationException" ->
                new Problem(
                        Kind.INPUT,
                        "DynamoDB does not accept what is to be put into the table " + table
                                + ": it is larger than an item may be (400 KB), or has a value that no attribute can hold.",
                        answer);
            default ->
                answer.statusCode() >= SERVER_FAULT
                        ? away(table, code, answer)
                        : new Problem(
                                Kind.TRANSIENT,
                                "DynamoDB does not accept the request for the table " + table + " (" + code + ").",
                                answer);
        };
    }

    /** More is to be written or read than the table is set up for. */
    static Problem throttled(String table, @Nullable Throwable cause) {
        return new Problem(
                Kind.TRANSIENT,
                "The DynamoDB table " + table + " accepts fewer requests than are made. Nothing is lost; raise its"
                        + " capacity, or make it on-demand.",
                cause);
    }

    private static Problem away(String table, String reason, Throwable cause) {
        return new Problem(
                Kind.TRANSIENT,
                "DynamoDB can't be reached or does not answer for the table " + table + " (" + reason
                        + "). It was tried several times.",
                cause);
    }
}
