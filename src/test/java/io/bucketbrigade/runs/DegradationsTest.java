package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DegradationsTest {
    private final Degradations degradations = new Degradations(() -> this.now);
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void a_place_that_does_not_answer_is_degraded_until_it_does() {
        degradations.asked("/mnt/raw");
        after(9);
        assertThat(degradations.current()).isEmpty();
        after(16);
        assertThat(degradations.current()).containsEntry("/mnt/raw", "has not answered for 25 s.");
        degradations.answered("/mnt/raw");
        assertThat(degradations.current()).isEmpty();
    }

    @Test
    void a_degradation_is_news_once_for_each_reason() {
        assertThat(degradations.degraded("watch", "a")).isTrue();
        assertThat(degradations.degraded("watch", "a")).isFalse();
        assertThat(degradations.degraded("watch", "b")).isTrue();
        assertThat(degradations.current()).containsEntry("watch", "b");
        degradations.recovered("watch");
        assertThat(degradations.current()).isEmpty();
    }
}
