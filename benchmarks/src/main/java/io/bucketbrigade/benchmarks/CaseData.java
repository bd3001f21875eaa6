package io.bucketbrigade.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/** Six years of a city's cases, with the columns that charts need: nine in ten are closed, most of them within days, and eight in ten have a target. */
final class CaseData {
    static final String[] NEIGHBORHOODS = {
        "Jamaica Plain", "South Boston", "Dorchester", "Roxbury", "Allston / Brighton", "Back Bay", "Beacon Hill", "East Boston", "Hyde Park", "Mission Hill"
    };
    static final String[] TYPES = {
        "Parking Enforcement", "Request for Pothole Repair", "Street Light Outages", "Bulk Item Pickup", "Missed Trash", "Utilities - Electrical, Plumbing", "Fire Hydrant", "Tree Maintenance"
    };
    static final String[] DEPARTMENTS = {"BTDT", "PWDx", "PWDx", "PWDx", "PWDx", "ISD", "BWSC", "PARK"};
    static final String[] SOURCES = {"Constituent Call", "Citizens Connect App", "City Worker App", "Employee Generated", "Self Service", "Twitter"};
    static final int FIRST_YEAR = 2015;
    static final int YEARS = 6;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int SECONDS_OF_YEAR = 365 * 86_400;

    private CaseData() {}

    /** A file for each year, with so many cases. */
    static Path files(Path data, int casesPerYear) throws IOException {
        Path folder = data.resolve("cases-" + casesPerYear);
        Path done = folder.resolve(".complete");
        if (Files.exists(done)) {
            return folder;
        }
        Files.createDirectories(folder);
        Random random = new Random(18);
        long id = 0;
        for (int year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
            try (Writer out = new BufferedWriter(Files.newBufferedWriter(folder.resolve(year + ".csv")), 1 << 20)) {
                out.write("case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,closure_reason,department,type,neighborhood,source,latitude,longitude\n");
                for (int number = 0; number < casesPerYear; number++) {
                    LocalDateTime opened = LocalDateTime.of(year, 1, 1, 0, 0)
                            .plusSeconds((long) ((number + random.nextDouble()) / casesPerYear * SECONDS_OF_YEAR));
                    out.write(++id + "," + row(random, opened) + "\n");
                }
            }
        }
        Files.writeString(done, "");
        return folder;
    }

    private static String row(Random random, LocalDateTime opened) {
        LocalDateTime target = random.nextInt(100) < 82 ? opened.plusDays(1 + random.nextInt(30)) : null;
        LocalDateTime closed =
                random.nextInt(100) < 92 ? opened.plusSeconds((long) Math.exp(random.nextGaussian() * 2 + 10)) : null;
        boolean isLate = target != null && (closed == null || closed.isAfter(target));
        int type = (int) (Math.abs(random.nextGaussian()) * 3) % TYPES.length;
        return String.join(
                ",",
                opened.format(TIME),
                target == null ? "" : target.format(TIME),
                closed == null ? "" : closed.format(TIME),
                isLate ? "OVERDUE" : "ONTIME",
                closed == null ? "Open" : "Closed",
                closed == null ? "" : random.nextBoolean() ? "Case Resolved" : "Case Noted",
                DEPARTMENTS[type],
                '"' + TYPES[type] + '"',
                NEIGHBORHOODS[(int) (Math.abs(random.nextGaussian()) * 4) % NEIGHBORHOODS.length],
                SOURCES[random.nextInt(SOURCES.length)],
                Double.toString(42.2279 + random.nextInt(1700) / 1e4),
                Double.toString(-71.19 + random.nextInt(2000) / 1e4));
    }
}
