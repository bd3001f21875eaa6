package io.bucketbrigade.sending;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final URI ADDRESS = URI.create("http://localhost:1/sales");

    private final StringWriter out = new StringWriter();

    @Test
    void that_it_waits_is_said_once_and_again_for_another_reason_or_after_rows_were_sent() {
        Pace pace = new Pace(0, 100, new PrintWriter(out), false);
        pace.waits(ADDRESS, Duration.ofMillis(100), "Away.");
        pace.waits(ADDRESS, Duration.ofMillis(300), "Away.");
        pace.waits(ADDRESS, Duration.ofSeconds(1), "Busy.");
        pace.at(10, SendState.NOTHING);
        pace.waits(ADDRESS, Duration.ofMillis(100), "Busy.");
        assertThat(out).hasToString("""
                Waiting for http://localhost:1/sales (0 s): Away.
                Waiting for http://localhost:1/sales (1 s): Busy.
                Waiting for http://localhost:1/sales (0 s): Busy.
                """);
    }

    @Test
    void on_a_terminal_the_line_changes_each_time() {
        Pace pace = new Pace(0, 100, new PrintWriter(out), true);
        pace.waits(ADDRESS, Duration.ofMillis(100), "Away.");
        pace.waits(ADDRESS, Duration.ofSeconds(2), "Away.");
        pace.end();
        assertThat(out.toString())
                .isEqualTo("\rWaiting for " + ADDRESS + " (0 s): Away.\u001b[K\rWaiting for " + ADDRESS
                        + " (2 s): Away.\u001b[K\n");
    }
}
