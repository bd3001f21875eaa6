package io.bucketbrigade.pipelines.orders;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.settings.Values;
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
        this.fixed = text.isEmpty() ? null : Values.day("ORDERS_REFERENCE_DATE", text);
        this.zone = Values.zone("ORDERS_TIME_ZONE", zone);
    }

    /** Today, for a run. */
    public LocalDate of(Run run) {
        return fixed == null ? run.claimed().atZone(zone).toLocalDate() : fixed;
    }
}
