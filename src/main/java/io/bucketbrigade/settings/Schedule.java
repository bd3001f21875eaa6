package io.bucketbrigade.settings;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Moments that come again and again, as crontab writes them, in this machine's time zone. */
public final class Schedule {
    private final ExecutionTime times;

    private Schedule(ExecutionTime times) {
        this.times = times;
    }

    /**
     * Reads the five fields of a line in crontab.
     *
     * @throws IllegalArgumentException if it is none, or names no moment
     */
    static Schedule parse(String text) {
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        Schedule schedule = new Schedule(ExecutionTime.forCron(parser.parse(text)));
        if (schedule.times
                .nextExecution(ZonedDateTime.now(ZoneId.systemDefault()))
                .isEmpty()) {
            throw new IllegalArgumentException("It never comes.");
        }
        return schedule;
    }

    /** Whether one of the moments is behind one time and not behind another. */
    public boolean hasComeBetween(ZonedDateTime since, ZonedDateTime now) {
        return times.nextExecution(since).filter(next -> !next.isAfter(now)).isPresent();
    }
}
