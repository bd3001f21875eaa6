package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.runs.Degradations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A buffer in front of a log whose database is away. */
class BufferStoreTest {
    private static final ArrivedRow ROW = new ArrivedRow(0, "", 0, "{}");
    private static final RejectedRow UNUSABLE = new RejectedRow(0, null, "Wrong.", "{}");

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger put = new AtomicInteger();
    private final BufferStore store = new BufferStore(
            "sales",
            new StreamLog(away(), "sales"),
            buffer(),
            new StreamMetrics(new SimpleMeterRegistry(), new Degradations(InstantSource.system())));

    private DataSource away() {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    asked.incrementAndGet();
                    throw new SQLException("Connection refused", "08001");
                });
    }

    private RowBuffer buffer() {
        return (RowBuffer) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RowBuffer.class}, (proxy, method, arguments) -> {
                    for (Object sending : (List<?>) arguments[0]) {
                        put.incrementAndGet();
                        ((Sending) sending).done().complete(null);
                    }
                    return null;
                });
    }

    private CompletableFuture<Receipt> store(
            @Nullable String key, List<ArrivedRow> rows, List<RejectedRow> rejected, @Nullable String log) {
        CompletableFuture<Receipt> done = new CompletableFuture<>();
        store.store(List.of(new Append(key, rows, rejected, log, done)));
        assertThat(done).isDone();
        return done;
    }

    private static void assertAway(CompletableFuture<Receipt> done) {
        assertThatThrownBy(done::get).isInstanceOf(ExecutionException.class).hasMessageContaining("Connection refused");
    }

    @Test
    void what_needs_the_database_fails_at_once_after_it_was_found_away_and_other_rows_are_accepted() throws Exception {
        assertAway(store(null, List.of(), List.of(), null));
        assertThat(asked).hasValue(1);
        assertAway(store(null, List.of(), List.of(), null));
        assertAway(store("a", List.of(ROW), List.of(), "log"));
        assertAway(store("a", List.of(ROW), List.of(UNUSABLE), null));
        assertThat(put).hasValue(0);
        assertThat(store("a", List.of(ROW), List.of(), null).get().accepted()).isOne();
        assertThat(store(null, List.of(ROW), List.of(), null).get().accepted()).isOne();
        assertThat(put).hasValue(2);
        assertThat(asked).hasValue(1);
    }

    @Test
    void rejected_rows_find_out_too_that_it_is_away() {
        assertAway(store(null, List.of(ROW), List.of(UNUSABLE), null));
        assertAway(store(null, List.of(), List.of(), null));
        assertThat(asked).hasValue(1);
        assertThat(put).hasValue(0);
    }
}
