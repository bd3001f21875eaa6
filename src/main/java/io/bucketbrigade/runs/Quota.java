package io.bucketbrigade.runs;

import java.time.Instant;
import java.time.ZoneId;

/**
 * How many runs of a task may succeed on one day. Runs that failed don't count: who fixes the inputs need not wait for the
 * next day. Runs of inputs that the success before them had read already, by name, size and time, are counted apart.
 *
 * @param runsPerDay how many
 * @param zone where the day begins
 */
public record Quota(int runsPerDay, ZoneId zone) {
    /** When the day of that moment began. */
    Instant dayOf(Instant moment) {
        return moment.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    }

    /** When the next day begins. */
    Instant nextDay(Instant moment) {
        return moment.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
    }
}
