package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.BlockTally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Puts what was found in the blocks together, in the count they belong to. */
public final class TallyMerge implements AggregationStrategy {

    @Override
    public Exchange aggregate(@Nullable Exchange merged, Exchange block) {
        if (block.getException() != null) {
            return block;
        }
        BlockTally tally = Objects.requireNonNull(block.getMessage().getBody(BlockTally.class));
        try {
            tally.block().count().add(tally);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return merged == null ? block : merged;
    }
}
