package io.bucketbrigade.kinesis;

import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/** Why Kinesis does not do something, in words for people. */
final class KinesisReasons {
    private final String stream;

    KinesisReasons(String stream) {
        this.stream = stream;
    }

    /** Why a call failed. */
    Problem of(SdkException failed) {
        String words = failed instanceof ResourceNotFoundException
                ? "There is no stream " + stream
                        + " in Kinesis. Make it, with as many shards as may be read at once: aws kinesis create-stream --stream-name "
                        + stream + " --shard-count 2. Or check AWS_REGION."
                : "Kinesis, stream " + stream + ": " + Refusals.words(failed);
        return new Problem(Kind.TRANSIENT, words, failed);
    }

    /** Why some records were not accepted until there was no time left. */
    Problem refused(String code) {
        return code.contains("Throughput")
                ? new Problem(
                        Kind.TOO_MANY,
                        "More rows arrive than the shards of the stream " + stream
                                + " in Kinesis accept. Send them again later, or add shards.")
                : new Problem(
                        Kind.TRANSIENT,
                        "Kinesis did not accept all rows for the stream " + stream + " (" + code
                                + "). Send them again later.");
    }
}
