package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.RunDataSource;
import io.bucketbrigade.streams.StreamBatch.LogRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a route the rows of a stream, batch by batch. The route's changes and the reader's position are one transaction. A row that makes
 * the route fail whatever is tried is found by halving the batch, kept among the rejected rows, and passed over: it must not stop the
 * stream. Only failures that are about values are taken for that; whatever else fails is tried again until it works.
 */
final class StreamConsumer extends ScheduledPollConsumer {
    private static final int TOO_MANY_TO_BE_WRONG = 10;

    private final StreamReading reading;
    private final BatchRolling rolling;
    private boolean hasBegun;

    StreamConsumer(StreamEndpoint endpoint, Processor processor, StreamReading reading, BatchRolling rolling) {
        super(endpoint, processor);
        this.reading = reading;
        this.rolling = rolling;
    }

    @Override
    public StreamEndpoint getEndpoint() {
        return (StreamEndpoint) super.getEndpoint();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        setHealthCheck(new Health(getRouteId()));
    }

    /** What fails is among the degradations; Camel would call the whole service down where one store can't be used. */
    private static final class Health extends AbstractHealthCheck {
        Health(String route) {
            super("camel", "consumer:" + route);
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            builder.up();
        }
    }

    @Override
    protected int poll() throws Exception {
        if (!hasBegun) {
            begin();
            hasBegun = true;
        }
        long waiting = reading.waiting();
        int most = rolling.due(waiting);
        if (most == 0) {
            return 0;
        }
        StreamBatch batch = reading.inTransaction(connection -> deal(connection, most, waiting));
        // If that was all, what arrives until the next poll becomes one batch, because a small one costs almost as
        // much.
        return batch.size() < waiting ? batch.size() : 0;
    }

    private StreamBatch deal(Connection connection, int most, long waiting) throws Exception {
        RunDataSource.begin(connection);
        try {
            StreamBatch batch = reading.next(connection, most, rolling.isRolled() ? Math.min(most, waiting) : waiting);
            if (batch.size() > 0) {
                deal(connection, batch);
                reading.move(connection, batch);
            }
            return batch;
        } finally {
            RunDataSource.end();
        }
    }

    /** Makes the reader's positions, if they aren't there. */
    void begin() throws SQLException {
        reading.begin();
    }

    /** Halves what fails until the rows are found; if all rows of a batch fail, it is not they that are wrong. */
    private void deal(Connection connection, StreamBatch batch) throws Exception {
        List<Exception> rejected = new ArrayList<>();
        deal(connection, batch, rejected);
        if (rejected.size() == batch.size() && batch.size() >= TOO_MANY_TO_BE_WRONG) {
            throw rejected.get(0);
        }
    }

    private void deal(Connection connection, StreamBatch batch, List<Exception> rejected) throws Exception {
        Savepoint before = connection.setSavepoint();
        Exception failed = process(batch);
        if (failed == null) {
            connection.releaseSavepoint(before);
            for (Map.Entry<Integer, String> row : batch.rejected().entrySet()) {
                reading.reject(connection, batch.list().get(row.getKey()), row.getValue());
            }
            return;
        }
        if (!isAboutValues(failed)) {
            throw failed;
        }
        connection.rollback(before);
        connection.releaseSavepoint(before);
        if (batch.size() == 1) {
            rejected.add(failed);
            reading.reject(connection, batch.list().get(0), Problems.of(failed).sentence());
        } else {
            deal(connection, batch.part(0, batch.size() / 2), rejected);
            deal(connection, batch.part(batch.size() / 2, batch.size()), rejected);
        }
    }

    /**
     * Gives the route a row once more that it could not deal with.
     *
     * @param connection whose transaction the caller ends
     * @return why it still can't; null if it could
     * @throws Exception if that is not about the row
     */
    @Nullable
    Exception replay(Connection connection, LogRow row) throws Exception {
        // The route relies on nobody else dealing with the partition.
        reading.lock(connection, row.partition());
        RunDataSource.begin(connection);
        try {
            Savepoint before = connection.setSavepoint();
            StreamBatch batch = new StreamBatch(List.of(row));
            Exception failed = process(batch);
            if (failed == null && !batch.rejected().isEmpty()) {
                failed = new Problem(Kind.INPUT, String.valueOf(batch.rejected().get(0)));
            }
            if (failed == null) {
                connection.releaseSavepoint(before);
            } else if (isAboutValues(failed)) {
                connection.rollback(before);
            } else {
                throw failed;
            }
            return failed;
        } finally {
            RunDataSource.end();
        }
    }

    @Override
    protected void doStart() throws Exception {
        getEndpoint()
                .getComponent()
                .streams()
                .reads(getEndpoint().pipeline(), getEndpoint().getReader(), this);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        getEndpoint()
                .getComponent()
                .streams()
                .leaves(getEndpoint().pipeline(), getEndpoint().getReader(), this);
    }

    private @Nullable Exception process(StreamBatch batch) throws Exception {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            exchange.setVariable(StreamBatch.VARIABLE, batch);
            getProcessor().process(exchange);
            return exchange.getException();
        } finally {
            releaseExchange(exchange, false);
        }
    }

    /** SQLSTATE classes 22 (data), 23 (constraints) and 54 (too long for PostgreSQL). */
    static boolean isAboutValues(Exception failed) {
        return Problems.find(failed, SQLException.class)
                        .map(sql -> String.valueOf(sql.getSQLState()).matches("(22|23|54)..."))
                        .orElse(false)
                || Problems.find(failed, Problem.class)
                        .map(problem -> problem.kind() == Kind.INPUT)
                        .orElse(false);
    }
}
