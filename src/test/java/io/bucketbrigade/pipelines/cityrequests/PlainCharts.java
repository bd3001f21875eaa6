package io.bucketbrigade.pipelines.cityrequests;

import io.bucketbrigade.pipelines.cityrequests.MadeCases.Case;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the charts must show, counted case by case. */
final class PlainCharts {
    private static final double SECONDS_OF_HOUR = 3600;

    private final List<Case> cases;

    PlainCharts(List<Case> cases) {
        this.cases = cases;
    }

    private static @Nullable Double share(List<Case> cases) {
        List<Case> judged =
                cases.stream().filter(one -> !one.onTime().isEmpty()).toList();
        long onTime =
                judged.stream().filter(one -> one.onTime().equals("ONTIME")).count();
        return judged.isEmpty() ? null : onTime / (double) judged.size();
    }

    private static boolean isBefore(Case one) {
        LocalDateTime closed = one.closed();
        return closed != null && closed.isBefore(one.opened());
    }

    private static List<Double> hours(List<Case> cases) {
        return cases.stream()
                .filter(one -> one.closed() != null && !isBefore(one))
                .map(one -> Duration.between(one.opened(), one.closed()).toSeconds() / SECONDS_OF_HOUR)
                .sorted()
                .toList();
    }

    /** The value up to which that share of the values is. */
    private static @Nullable Double quantile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? null : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    private static long lateDays(Case one) {
        LocalDateTime target = one.target();
        LocalDateTime closed = one.closed();
        return target != null && closed != null && closed.isAfter(target)
                ? ChronoUnit.DAYS.between(target.toLocalDate(), closed.toLocalDate())
                : -1;
    }

    private static long late(List<Case> cases) {
        return cases.stream().filter(one -> lateDays(one) >= 0).count();
    }

    private static long sumOfLateDays(List<Case> cases) {
        return cases.stream().mapToLong(one -> Math.max(0, lateDays(one))).sum();
    }

    private static long count(List<Case> cases) {
        return cases.size();
    }

    private static long closed(List<Case> cases) {
        return cases.stream().filter(Case::isClosed).count();
    }

    private Map<String, List<Case>> by(Function<Case, Object> key) {
        return cases.stream()
                .collect(Collectors.groupingBy(one -> key.apply(one).toString()));
    }

    /** Rows by their key, each with the values by the names of its columns. */
    Map<String, Map<String, @Nullable Object>> chart(String chart) {
        return switch (chart) {
            case "totals" -> Map.of("", totals());
            case "months" -> months();
            case "on-time" -> onTime();
            case "neighborhoods" ->
                rows(
                        by(Case::neighborhood),
                        group -> row(
                                "cases",
                                count(group),
                                "closed",
                                closed(group),
                                "on_time_share",
                                share(group),
                                "median_hours",
                                quantile(hours(group), 0.5),
                                "hours_of_90_percent",
                                quantile(hours(group), 0.9),
                                "late_closed",
                                late(group),
                                "late_days",
                                sumOfLateDays(group)));
            case "types" ->
                rows(
                        by(one -> one.department() + "|" + one.type()),
                        group -> row("cases", count(group), "closed", closed(group), "on_time_share", share(group)));
            case "sources" ->
                rows(
                        by(Case::source),
                        group -> row("cases", count(group), "closed", closed(group), "on_time_share", share(group)));
            case "reasons" ->
                rows(
                        new PlainCharts(cases.stream().filter(Case::isClosed).toList()).by(PlainCharts::reason),
                        group -> row("cases", count(group)));
            case "hours" ->
                rows(
                        by(one -> one.opened().getDayOfWeek().getValue() + "|"
                                + one.opened().getHour()),
                        group -> row(
                                "cases",
                                count(group),
                                "late_share",
                                minus(share(group)),
                                "late_days",
                                averageLate(group)));
            case "durations" -> durations();
            default -> rows(by(PlainCharts::place), group -> row("cases", count(group)));
        };
    }

    private static @Nullable Double minus(@Nullable Double share) {
        return share == null ? null : 1 - share;
    }

    private static @Nullable Double averageLate(List<Case> cases) {
        long late = late(cases);
        return late == 0 ? null : Math.round(sumOfLateDays(cases) * 100.0 / late) / 100.0;
    }

    private static String reason(Case one) {
        String text = one.reason();
        return text.isEmpty()
                ? "(no reason given)"
                : text.contains("Resolved") ? "Resolved" : text.contains("Noted") ? "Noted" : "(no pattern matched)";
    }

    private static String place(Case one) {
        return one.latitude().isEmpty() || one.latitude().equals("0")
                ? "none"
                : one.latitude().equals("1.5") ? "far" : "cell";
    }

    private static Map<String, @Nullable Object> row(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            row.put(String.valueOf(namesAndValues[at]), namesAndValues[at + 1]);
        }
        return row;
    }

    private static Map<String, Map<String, @Nullable Object>> rows(
            Map<String, List<Case>> groups, Function<List<Case>, Map<String, @Nullable Object>> row) {
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        groups.forEach((key, group) -> rows.put(key, row.apply(group)));
        return rows;
    }

    private Map<String, @Nullable Object> totals() {
        return row(
                "cases", count(cases),
                "open", cases.size() - closed(cases),
                "closed", closed(cases),
                "on_time_share", share(cases),
                "late_closed", late(cases),
                "closed_before_opened",
                        cases.stream().filter(PlainCharts::isBefore).count(),
                "median_hours", quantile(hours(cases), 0.5),
                "hours_of_90_percent", quantile(hours(cases), 0.9));
    }

    private static YearMonth closedIn(Case one) {
        LocalDateTime closed = one.closed();
        return YearMonth.from(closed == null || isBefore(one) ? one.opened() : closed);
    }

    private Map<String, Map<String, @Nullable Object>> months() {
        List<YearMonth> all = new ArrayList<>();
        cases.forEach(one -> {
            all.add(YearMonth.from(one.opened()));
            all.add(closedIn(one));
        });
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        if (!all.isEmpty()) {
            YearMonth last = all.stream().max(YearMonth::compareTo).orElseThrow();
            for (YearMonth month = all.stream().min(YearMonth::compareTo).orElseThrow();
                    !month.isAfter(last);
                    month = month.plusMonths(1)) {
                rows.put(month.toString(), month(month));
            }
        }
        return rows;
    }

    private Map<String, Map<String, @Nullable Object>> onTime() {
        Map<String, Map<String, @Nullable Object>> rows = months();
        Map<String, List<Case>> opened = by(one -> YearMonth.from(one.opened()));
        rows.replaceAll((month, none) -> {
            List<Case> group = opened.getOrDefault(month, List.of());
            return row("cases", count(group), "on_time_share", share(group));
        });
        return rows;
    }

    private Map<String, @Nullable Object> month(YearMonth month) {
        return row(
                "opened",
                        cases.stream()
                                .filter(one -> YearMonth.from(one.opened()).equals(month))
                                .count(),
                "closed",
                        cases.stream()
                                .filter(one -> one.isClosed() && closedIn(one).equals(month))
                                .count(),
                "backlog",
                        cases.stream()
                                .filter(one -> !YearMonth.from(one.opened()).isAfter(month))
                                .filter(one -> !one.isClosed() || closedIn(one).isAfter(month))
                                .count());
    }

    private Map<String, Map<String, @Nullable Object>> durations() {
        Map<String, Double> bounds = new LinkedHashMap<>();
        bounds.put("under 1 hour", 1.0);
        bounds.put("1 to 4 hours", 4.0);
        bounds.put("4 to 12 hours", 12.0);
        bounds.put("12 to 24 hours", 24.0);
        bounds.put("1 to 3 days", 72.0);
        bounds.put("3 to 7 days", 168.0);
        bounds.put("1 to 2 weeks", 336.0);
        bounds.put("2 to 4 weeks", 672.0);
        bounds.put("4 to 13 weeks", 2184.0);
        bounds.put("13 to 52 weeks", 8736.0);
        bounds.put("over 52 weeks", Double.MAX_VALUE);
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        double[] from = {0};
        bounds.forEach((name, below) -> {
            double least = from[0];
            rows.put(
                    name,
                    row(
                            "cases",
                            hours(cases).stream()
                                    .filter(hour -> hour >= least && hour < below)
                                    .count()));
            from[0] = below;
        });
        return rows;
    }
}
