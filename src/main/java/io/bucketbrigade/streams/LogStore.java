package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.sql.SQLException;
import java.util.List;

/** Stores rows in the log, those of many senders in one transaction. */
final class LogStore implements RowStore {
    private final String stream;
    private final StreamLog log;
    private final StreamMetrics metrics;

    LogStore(String stream, StreamLog log, StreamMetrics metrics) {
        this.stream = stream;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void store(List<Append> group) {
        List<Receipt> receipts;
        try {
            receipts = log.append(group);
        } catch (SQLException | RuntimeException | Error e) {
            if (group.size() > 1 && Problems.of(e).kind() != Kind.TRANSIENT) {
                // One request must not fail another.
                group.forEach(alone -> store(List.of(alone)));
            } else {
                group.forEach(failed -> failed.done().completeExceptionally(e));
            }
            return;
        }
        for (int at = 0; at < group.size(); at++) {
            group.get(at).done().complete(receipts.get(at));
        }
        for (int at = 0; at < group.size(); at++) {
            metrics.arrived(stream, receipts.get(at), group.get(at).rejected().size());
        }
    }
}
