package io.bucketbrigade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static ZonedDateTime at(String time) {
        return ZonedDateTime.parse("2026-11-27T" + time + "Z").withZoneSameInstant(ZoneId.of("UTC"));
    }

    @ParameterizedTest
    @CsvSource({
        "0 * * * *, 01:59:59, 02:00:00, true",
        "0 * * * *, 02:00:00, 02:59:59, false",
        "0 * * * *, 02:30:00, 05:30:00, true",
        "30 2 * * 1-5, 02:29:00, 02:30:01, true",
        "30 2 * * 6, 02:29:00, 02:30:01, false",
        "*/5 * * * *, 02:31:00, 02:35:00, true",
    })
    void it_has_come_when_a_moment_is_between(String schedule, String since, String now, boolean hasCome) {
        assertThat(Schedule.parse(schedule).hasComeBetween(at(since), at(now))).isEqualTo(hasCome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hourly", "", "60 * * * *", "0 0 31 2 *", "* * * *", "0 0 * * * ?"})
    void what_is_no_line_of_crontab_is_refused_in_words(String text) {
        assertThatThrownBy(() -> Values.schedule("TIDES_SCHEDULE", text))
                .isInstanceOf(Problem.class)
                .hasMessage("TIDES_SCHEDULE is '" + text + "'; it must be " + Values.SCHEDULE + ".");
    }

    @Test
    void a_leap_day_is_a_moment() {
        assertThat(Schedule.parse("0 0 29 2 *").hasComeBetween(at("00:00:00"), at("23:59:59")))
                .isFalse();
    }
}
