package io.bucketbrigade.redshift;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
import software.amazon.awssdk.services.redshiftdata.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.Field;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultRequest;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultResponse;

/**
 * A database of Redshift. The Data API accepts SQL at once and works on it by itself, so it is asked again and again whether it is done. Each
 * submission has a token of its own: however often the request is sent because its answer was lost, Redshift runs it once.
 *
 * <p>Each method throws a {@link Problem} if Redshift can't be reached, refuses, or the SQL fails; then its cause is a {@link RedshiftError}.
 */
public final class RedshiftDatabase {
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration DONE_WITHIN = Duration.ofMinutes(15);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);

    /** What is behind the id of a batch in that of its first statement. */
    private static final String FIRST_STATEMENT = ":1";

    private final RedshiftDataClient client;
    private final RedshiftAddress address;

    RedshiftDatabase(RedshiftDataClient client, RedshiftAddress address) {
        this.client = client;
        this.address = address;
    }

    /** Runs statements in one transaction, and waits until that is committed. */
    public void run(List<String> statements) {
        submit(statements, DONE_WITHIN);
    }

    /**
     * Checks that it answers.
     *
     * @throws Problem if it refuses, or does not answer within half a minute
     */
    public void check() {
        submit(List.of("SELECT 1"), ANSWERS_WITHIN);
    }

    /** The rows that a query finds, each as the texts of its columns; blank for NULL. */
    public List<List<String>> ask(String query) {
        String id = submit(List.of(query), DONE_WITHIN) + FIRST_STATEMENT;
        List<List<String>> rows = new ArrayList<>();
        String next = null;
        do {
            GetStatementResultRequest page =
                    GetStatementResultRequest.builder().id(id).nextToken(next).build();
            GetStatementResultResponse answer = call(() -> client.getStatementResult(page));
            answer.records()
                    .forEach(row ->
                            rows.add(row.stream().map(RedshiftDatabase::text).toList()));
            next = answer.nextToken();
        } while (next != null && !next.isEmpty());
        return rows;
    }

    /** Runs statements, and waits until they are committed. The id of the batch. */
    private String submit(List<String> statements, Duration within) {
        BatchExecuteStatementRequest request = BatchExecuteStatementRequest.builder()
                .sqls(statements)
                .clientToken(UUID.randomUUID().toString())
                .database(address.database())
                .workgroupName(orNull(address.workgroup()))
                .clusterIdentifier(orNull(address.cluster()))
                .dbUser(orNull(address.user()))
                .secretArn(orNull(address.secret()))
                .build();
        String id = call(() -> client.batchExecuteStatement(request).id());
        waitUntilDone(id, within);
        return id;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String text(Field field) {
        return switch (field.type()) {
            case STRING_VALUE -> field.stringValue();
            case LONG_VALUE -> field.longValue().toString();
            case DOUBLE_VALUE -> field.doubleValue().toString();
            case BOOLEAN_VALUE -> field.booleanValue().toString();
            default -> "";
        };
    }

    private void waitUntilDone(String id, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        long wait = FIRST_WAIT.toMillis();
        while (!isDone(call(() -> client.describeStatement(request -> request.id(id))))) {
            if (System.nanoTime() > end) {
                call(() -> client.cancelStatement(request -> request.id(id)));
                throw new Problem(
                        Kind.TRANSIENT,
                        "What is to be done in " + address + " was not done within " + within.toSeconds()
                                + " s, and was cancelled. It is tried again.");
            }
            sleep(wait);
            wait = Math.min(LONGEST_WAIT.toMillis(), wait * 2);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.TRANSIENT, "The service is stopping. Try again when it is back.", stopping);
        }
    }

    private boolean isDone(DescribeStatementResponse statement) {
        return switch (statement.status()) {
            case FINISHED -> true;
            case FAILED -> throw RedshiftProblem.failed(address, new RedshiftError(String.valueOf(statement.error())));
            case ABORTED ->
                throw new Problem(
                        Kind.TRANSIENT,
                        "What was to be done in " + address + " was cancelled by somebody else. It is tried again.");
            default -> false;
        };
    }

    private <T> T call(Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException failed) {
            throw RedshiftProblem.of(failed, address);
        }
    }
}
