package io.bucketbrigade.events;

import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Puts into words what went wrong with SQS. The codes: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
public final class QueueProblem {
    private static final String MEANWHILE = " Meanwhile buckets are only checked every BRIGADE_POLL.";

    private QueueProblem() {}

    /** What an exception means; one from a check that a message caused has its words already. */
    public static Problem of(Throwable thrown, String queue) {
        Optional<Problem> said = Problems.find(thrown, Problem.class);
        if (said.isPresent()) {
            return said.get();
        }
        Optional<AwsServiceException> answered = Problems.find(thrown, AwsServiceException.class);
        if (answered.isPresent()) {
            return answered(answered.get(), queue);
        }
        Optional<SdkException> failed = Problems.find(thrown, SdkException.class);
        if (failed.isEmpty()) {
            return Problems.of(thrown);
        }
        return Reasons.missing(failed.get(), "the queue " + queue)
                .map(missing -> new Problem(Kind.FORBIDDEN, missing + MEANWHILE, thrown))
                .orElseGet(() ->
                        away(queue, Reasons.sentence(String.valueOf(failed.get().getMessage())), thrown));
    }

    private static Problem answered(AwsServiceException answer, String queue) {
        String code = Reasons.code(answer);
        if (code.endsWith("QueueDoesNotExist") || code.endsWith("NonExistentQueue")) {
            return new Problem(
                    Kind.MISSING,
                    "There is no queue " + queue + ". Create it, or set BRIGADE_EVENTS_QUEUE to another." + MEANWHILE,
                    answer);
        }
        if (answer.statusCode() >= 500 || answer.statusCode() == 429 || code.endsWith("RequestThrottled")) {
            return away(queue, code, answer);
        }
        return new Problem(
                Kind.FORBIDDEN,
                "SQS refuses requests for the queue " + queue
                        + Refusals.reason(answer)
                                .map(reason -> ": " + reason)
                                .orElse(Refusals.action(answer)
                                        + ". deploy/iam/events-queue.json lists the rights that are needed.")
                        + MEANWHILE,
                answer);
    }

    private static Problem away(String queue, String reason, Throwable cause) {
        return new Problem(
                Kind.TRANSIENT,
                "SQS can't be reached or does not answer for the queue " + queue + " (" + reason + ")." + MEANWHILE,
                cause);
    }
}
