package io.bucketbrigade.pipelines.cityrequests;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Invented cases, with what makes charts go wrong: names that are missing or hold commas and quotes, blank targets, closings before openings, odd coordinates. */
public final class MadeCases {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final List<String> NEIGHBORHOODS =
            List.of("Back Bay", "Allston / Brighton", "", "O'Neill \"Square\"", "Roxbury");
    private static final List<String> TYPES =
            List.of("Utilities - Electrical, Plumbing", "Street Light Outages", "Fire Hydrant");
    private static final List<String> SOURCES = List.of("Constituent Call", "Twitter", "");
    private static final List<String> REASONS = List.of("Case Resolved", "Noted", "it said nothing", "");
    private static final int YEARS = 3;
    private static final int MINUTES_OF_YEAR = 365 * 24 * 60;

    private MadeCases() {}

    /**
     * A case.
     *
     * @param reason the words of whoever closed it
     * @param latitude blank if there is none
     * @param longitude blank if there is none
     */
    public record Case(
            long id,
            LocalDateTime opened,
            @Nullable LocalDateTime target,
            @Nullable LocalDateTime closed,
            String onTime,
            String reason,
            String department,
            String type,
            String neighborhood,
            String source,
            String latitude,
            String longitude) {
        boolean isClosed() {
            return closed != null;
        }
    }

    /** So many cases, the same ones for the same seed. */
    public static List<Case> of(int count, long seed) {
        Random random = new Random(seed);
        List<Case> cases = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            LocalDateTime opened = LocalDateTime.of(2017, 1, 1, 0, 0)
                    .plusMinutes(random.nextInt(YEARS * MINUTES_OF_YEAR))
                    .plusSeconds(random.nextInt(60));
            LocalDateTime target = random.nextInt(5) == 0 ? null : opened.plusDays(1 + random.nextInt(20));
            LocalDateTime closed = null;
            if (random.nextInt(10) > 0) {
                long minutes = (long) Math.exp(random.nextGaussian() * 2 + 6);
                closed = random.nextInt(50) == 0 ? opened.minusMinutes(minutes) : opened.plusMinutes(minutes);
            }
            boolean isLate = target != null && (closed == null || closed.isAfter(target));
            int type = random.nextInt(TYPES.size());
            boolean isPlaced = random.nextInt(10) > 0;
            boolean isFar = random.nextInt(20) == 0;
            cases.add(new Case(
                    1000 + number,
                    opened,
                    target,
                    closed,
                    random.nextInt(20) == 0 ? "" : isLate ? "OVERDUE" : "ONTIME",
                    closed == null ? "" : REASONS.get(random.nextInt(REASONS.size())),
                    type == 0 ? "ISD" : "PWDx",
                    TYPES.get(type),
                    NEIGHBORHOODS.get(random.nextInt(NEIGHBORHOODS.size())),
                    SOURCES.get(random.nextInt(SOURCES.size())),
                    isPlaced ? "" + (isFar ? 1.5 : 42.3 + random.nextInt(50) / 1000.0) : number % 2 == 0 ? "0" : "",
                    isPlaced ? "" + (-71.1 + random.nextInt(50) / 1000.0) : number % 2 == 0 ? "0" : ""));
        }
        return cases;
    }

    private static String field(@Nullable Object value) {
        String text = value == null ? "" : value instanceof LocalDateTime time ? time.format(TIME) : value.toString();
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    /** They as one of the city's files. */
    public static String csv(List<Case> cases) {
        return cases.stream()
                .map(one -> List.of(
                                field(one.id),
                                field(one.opened),
                                field(one.target),
                                field(one.closed),
                                field(one.onTime),
                                field(one.isClosed() ? "Closed" : "Open"),
                                field(one.reason),
                                field(one.department),
                                field(one.type),
                                field(one.neighborhood),
                                field(one.source),
                                field(one.latitude),
                                field(one.longitude))
                        .stream()
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining(
                        "\n",
                        "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,closure_reason,department,type,neighborhood,source,latitude,longitude\n",
                        "\n"));
    }
}
