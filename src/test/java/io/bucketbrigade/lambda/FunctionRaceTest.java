package io.bucketbrigade.lambda;

import static io.bucketbrigade.lambda.FunctionBuckets.FAILURE;
import static io.bucketbrigade.lambda.FunctionBuckets.REJECTED;
import static io.bucketbrigade.lambda.FunctionBuckets.RESULT;
import static io.bucketbrigade.lambda.FunctionBuckets.USERS;
import static io.bucketbrigade.lambda.FunctionBuckets.messages;
import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.FaultProxy.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several functions at once, as Lambda runs them, while the inputs change faster than they are ranked, and change back. Each change is an event, and
 * each event a call, which is made again if it throws. When all calls have ended, what is there must be that of the last inputs.
 */
@Tag("slow")
class FunctionRaceTest {
    private static final int ROUNDS = Integer.getInteger("lambda.rounds", 30);
    private static final int FUNCTIONS = 3;
    private static final int MOST_CALLS = 100;
    private static final String REJECTS = "9,,2026-01-01T00:00:00Z,nobody\n";
    private static final String BROKEN = "message_id,content\n1,hello\n";

    /** What messages.csv may be, with the result; the last can't be used. */
    private static final List<Map.Entry<String, String>> INPUTS = List.of(
            Map.entry(messages(2, 1), "user_id,messages,name\n2,1,Bo Berg\n1,2,Ana Silva\n"),
            Map.entry(messages(1, 2), "user_id,messages,name\n1,1,Ana Silva\n2,2,Bo Berg\n"),
            Map.entry(messages(2, 1) + REJECTS, "user_id,messages,name\n2,1,Bo Berg\n1,2,Ana Silva\n"),
            Map.entry(BROKEN, ""));

    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(Long.getLong("lambda.seed", System.nanoTime()));

    @Test
    void the_last_result_is_that_of_the_last_inputs() throws Exception {
        ExecutorService calls = Executors.newFixedThreadPool(FUNCTIONS);
        BlockingQueue<AggregateFunction> idle = new LinkedBlockingQueue<>();
        try (FunctionBuckets buckets = new FunctionBuckets()) {
            // Requests take long and not equally long, so that calls overtake each other.
            buckets.proxy().rule(request -> {
                sleep(random.nextInt(25));
                return Fault.NONE;
            });
            Map<String, String> environment = buckets.environment();
            environment.put("LEADERBOARD_MAX_REJECTED", "50%");
            for (int number = 0; number < FUNCTIONS; number++) {
                idle.add(new AggregateFunction(environment, folder.resolve("work-" + number)));
            }
            buckets.put("users.csv", USERS);
            for (int round = 0; round < ROUNDS; round++) {
                int last = round(buckets, calls, idle);
                check(buckets, last, "round " + round);
            }
        } finally {
            calls.shutdownNow();
            idle.forEach(AggregateFunction::close);
        }
    }

    /** Gives which inputs were the last. */
    private int round(FunctionBuckets buckets, ExecutorService calls, BlockingQueue<AggregateFunction> idle)
            throws Exception {
        List<Future<?>> ended = new ArrayList<>();
        int last = 0;
        for (int change = 2 + random.nextInt(5); change > 0; change--) {
            last = random.nextInt(INPUTS.size());
            buckets.put("messages.csv", INPUTS.get(last).getKey());
            ended.add(calls.submit(() -> callUntilItEnds(buckets, idle)));
            sleep(random.nextInt(60));
        }
        for (Future<?> call : ended) {
            call.get(2, TimeUnit.MINUTES);
        }
        return last;
    }

    private static Object callUntilItEnds(FunctionBuckets buckets, BlockingQueue<AggregateFunction> idle)
            throws Exception {
        AggregateFunction function = idle.take();
        try {
            for (int time = 0; time < MOST_CALLS; time++) {
                try {
                    return buckets.call(function);
                } catch (TransientFault again) {
                    sleep(50);
                }
            }
            throw new IllegalStateException("called " + MOST_CALLS + " times in vain");
        } finally {
            idle.add(function);
        }
    }

    private static void check(FunctionBuckets buckets, int last, String round) {
        List<String> written = buckets.written();
        if (INPUTS.get(last).getKey().equals(BROKEN)) {
            assertThat(written).as(round).contains(FAILURE);
            return;
        }
        assertThat(buckets.get(RESULT)).as(round).isEqualTo(INPUTS.get(last).getValue());
        assertThat(written).as(round).doesNotContain(FAILURE);
        boolean rejects = INPUTS.get(last).getKey().endsWith(REJECTS);
        if (rejects || written.contains(REJECTED)) {
            assertThat(buckets.get(REJECTED).lines().count()).as(round).isEqualTo(rejects ? 2 : 1);
            assertThat(buckets.metadata(REJECTED)).as(round).isEqualTo(buckets.metadata(RESULT));
        }
    }

    private static void sleep(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
