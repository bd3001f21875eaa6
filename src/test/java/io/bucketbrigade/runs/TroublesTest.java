package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TroublesTest {
    private final Troubles troubles = new Troubles(() -> this.now);
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void a_place_that_does_not_answer_is_a_trouble_until_it_does() {
        troubles.asked("/mnt/raw");
        after(9);
        assertThat(troubles.present()).isEmpty();
        after(16);
        assertThat(troubles.present()).containsEntry("/mnt/raw", "has not answered for 25 s.");
        troubles.answered("/mnt/raw");
        assertThat(troubles.present()).isEmpty();
    }

    @Test
    void a_trouble_is_news_once_for_each_reason() {
        assertThat(troubles.began("watch", "a")).isTrue();
        assertThat(troubles.began("watch", "a")).isFalse();
        assertThat(troubles.began("watch", "b")).isTrue();
        assertThat(troubles.present()).containsEntry("watch", "b");
        troubles.over("watch");
        assertThat(troubles.present()).isEmpty();
    }
}
