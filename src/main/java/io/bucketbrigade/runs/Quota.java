package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;

/**
 * How many runs of a task may succeed on one day. Runs that failed don't count: who mends the inputs need not wait for the
 * next day. Runs of inputs that the success before them had read already, by name, size and time, are counted apart.
 *
 * @param runsPerDay how many
 * @param zone where the day begins
 */
public record Quota(int runsPerDay, ZoneId zone) {

    /**
     * As the settings of those names say.
     *
     * @throws Problem if one of them makes no sense
     */
    static Quota of(Settings settings, String runsPerDay, String zone) {
        try {
            return new Quota(settings.number(runsPerDay, 1, 100_000), ZoneId.of(settings.text(zone)));
        } catch (DateTimeException unknown) {
            throw new Problem(
                    Kind.USAGE,
                    Settings.variable(zone) + " is '" + settings.text(zone)
                            + "'; it must be a time zone such as Europe/Lisbon or UTC.",
                    unknown);
        }
    }

    /** When the day began in which that moment lies. */
    Instant dayOf(Instant moment) {
        return moment.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    }

    /** When the next day begins. */
    Instant nextDay(Instant moment) {
        return moment.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
    }
}
