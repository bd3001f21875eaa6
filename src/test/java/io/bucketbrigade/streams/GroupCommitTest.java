package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static Rows rows(String json) {
        Rows rows = new Rows();
        rows.add(new ArrivedRow(0, "", 0, json));
        return rows;
    }

    @Test
    void what_its_sender_no_longer_waits_for_takes_no_room_once_it_is_stored() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        RowStore store = group -> {
            try {
                stalled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            group.forEach(append -> append.done().complete(new Receipt(append.size(), 0, "")));
        };
        try (GroupCommit commit = new GroupCommit("sales", store)) {
            CompletableFuture<Receipt> given = commit.append(null, rows("x".repeat(33 << 20)));
            assertThatThrownBy(() -> given.orTimeout(1, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> commit.append(null, rows("{}")))
                    .hasMessageContaining("More rows arrive for sales");
            stalled.countDown();
            await().ignoreExceptions().untilAsserted(() -> assertThat(
                            commit.append(null, rows("{}")).get(10, TimeUnit.SECONDS))
                    .isEqualTo(new Receipt(1, 0, "")));
        }
    }
}
