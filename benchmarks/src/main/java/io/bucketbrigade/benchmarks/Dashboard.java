package io.bucketbrigade.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two million cases in the tab City requests: from a change of its filters to the rows of all ten charts, asked for by one call. */
final class Dashboard {
    private static final int CASES_PER_YEAR = 333_333;
    private static final int REPETITIONS = 5;

    private Dashboard() {}

    private static String filter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** No filter, each value of each, and years and neighborhoods together. */
    private static List<String> changes() {
        List<String> changes = new ArrayList<>(List.of("", "year=2015,2016,2017", "status=Open", "status=Closed"));
        for (int month = 1; month <= 12; month++) {
            changes.add("month=" + month);
        }
        for (String neighborhood : CaseData.NEIGHBORHOODS) {
            changes.add(filter("neighborhood", neighborhood));
        }
        for (String type : CaseData.TYPES) {
            changes.add(filter("type", type));
        }
        for (String source : CaseData.SOURCES) {
            changes.add(filter("source", source));
        }
        for (int year = CaseData.FIRST_YEAR; year < CaseData.FIRST_YEAR + CaseData.YEARS; year++) {
            changes.add("year=" + year);
            changes.add("year=" + year + "&" + filter("neighborhood", CaseData.NEIGHBORHOODS[year % 10]));
        }
        return changes;
    }

    static void measure(Report report, Path home, Path data) throws Exception {
        Path files = CaseData.files(data, CASES_PER_YEAR);
        Path folder = data.resolve("dashboard-run");
        Ours.remove(folder);
        try (Service service = new Service(home, folder, Map.of("CITY_REQUESTS_RAW", files.toString()))) {
            while (!service.read("/runs?pipeline=city-requests").contains("\"succeeded\"")) {
                Thread.sleep(1000);
            }
            double first = seconds(service, "");
            changes().forEach(change -> seconds(service, change));
            List<Double> all = new ArrayList<>();
            List<Double> unfiltered = new ArrayList<>();
            for (int round = 0; round < REPETITIONS; round++) {
                unfiltered.add(seconds(service, ""));
                changes().forEach(change -> all.add(seconds(service, change)));
            }
            Figures figures = new Figures(all);
            report.section("Dashboard: 2 M cases, all ten charts after a change of the filters", "What | median s | least s | most s");
            report.line("| %d changes of the filters, %d times | %s |", changes().size(), REPETITIONS, figures.cells());
            report.line("| without a filter | %s |", new Figures(unfiltered).cells());
            report.line("| the first question after a run, once | %.3f | | |", first);
            report.line("");
            report.table("Target | value | | |");
            report.line("| median | %s |", Report.verdict(figures.median(), 0.2));
            report.line("| 95th percentile | %.3f | | |", figures.percentile95());
        }
    }

    private static double seconds(Service service, String change) {
        long start = System.nanoTime();
        try {
            String answer = service.read("/city-requests/charts?" + change);
            if (!answer.contains("\"sources\":[{")) {
                throw new IllegalStateException(change + ": " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
