package io.bucketbrigade.pipelines.orders;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.Run;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The day that counts as today. */
public final class ReferenceDate {
    private final @Nullable LocalDate fixed;
    private final ZoneId zone;

    /**
     * @param date the day, such as 2026-11-22; blank for the day of the run
     * @param zone where the day of the run begins
     * @throws Problem if one of them makes no sense
     */
    public ReferenceDate(@Nullable Object date, String zone) {
        String text = date == null ? "" : date.toString().strip();
        try {
            this.fixed = text.isEmpty() ? null : LocalDate.parse(text);
        } catch (DateTimeException none) {
            throw new Problem(
                    Kind.USAGE,
                    "ORDERS_REFERENCE_DATE is '" + text + "'; it must be a day such as 2026-11-22, or nothing.",
                    none);
        }
        try {
            this.zone = ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            throw new Problem(
                    Kind.USAGE,
                    "ORDERS_TIME_ZONE is '" + zone + "'; it must be a time zone such as Europe/Lisbon or UTC.",
                    unknown);
        }
    }

    /** Today, for a run. */
    public LocalDate of(Run run) {
        return fixed == null ? run.claimed().atZone(zone).toLocalDate() : fixed;
    }
}
