package io.bucketbrigade.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/** Six years of a city's cases, 1 GB for 2 M of them, with the columns that its exports have, older and newer ones: nine in ten are closed, most of them within days, and eight in ten have a target. */
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

    private static final int NEW_COLUMNS_FROM = 2017;
    private static final String COLUMNS = "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,closure_reason,case_title,subject,reason,type,queue,"
            + "department,submitted_photo,closed_photo,location,fire_district,pwd_district,city_council_district,police_district,neighborhood,"
            + "neighborhood_services_district,ward,precinct,location_street_name,location_zipcode,latitude,longitude,geom_4326,source";
    private static final String OLD_COLUMNS = COLUMNS.replace("sla_target_dt", "target_dt")
            .replace("on_time", "ontime")
            .replace("submitted_photo", "submittedphoto")
            .replace("closed_photo", "closedphoto")
            .replace("geom_4326,", "");
    private static final String[] VERDICTS = {
        "Case Resolved", "Case Noted", "Resolved", "Noted", "Invalid", "Case Invalid", "Duplicate of Existing Case"
    };
    private static final String[] STREETS = {"Centre St", "Washington St", "Dorchester Ave", "Blue Hill Ave", "Bowdoin St"};
    private static final String[] WORDS = ("area ticketed clear no cause found crew sent to the site pothole filled on truck with asphalt bags removed trash"
                    + " taken barrel collected violator cited please call again if needed duplicate posts marked for contractor to repair by next week")
            .split(" ");
    private static final DateTimeFormatter OTHER_TIME = DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'EST' yyyy", Locale.US);
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
            boolean isOld = year < NEW_COLUMNS_FROM;
            try (Writer out = new BufferedWriter(Files.newBufferedWriter(folder.resolve(year + ".csv")), 1 << 20)) {
                out.write((isOld ? OLD_COLUMNS : COLUMNS) + "\r\n");
                for (int number = 0; number < casesPerYear; number++) {
                    LocalDateTime opened = LocalDateTime.of(year, 1, 1, 0, 0)
                            .plusSeconds((long) ((number + random.nextDouble()) / casesPerYear * SECONDS_OF_YEAR));
                    // Some cases come again.
                    id += random.nextInt(5000) == 0 ? 0 : 1 + random.nextInt(3);
                    out.write(id + "," + row(random, opened, isOld) + "\r\n");
                }
            }
        }
        Files.writeString(done, "");
        return folder;
    }

    private static String row(Random random, LocalDateTime opened, boolean isOld) {
        LocalDateTime target = random.nextInt(100) < 82 ? opened.plusDays(1 + random.nextInt(30)) : null;
        LocalDateTime closed =
                random.nextInt(100) < 92 ? opened.plusSeconds((long) Math.exp(random.nextGaussian() * 2 + 10)) : null;
        if (closed != null && random.nextInt(2000) == 0) {
            closed = opened.minusSeconds(1 + random.nextInt(2_592_000));
        }
        boolean isLate = target != null && (closed == null || closed.isAfter(target));
        int type = (int) (Math.abs(random.nextGaussian()) * 3) % TYPES.length;
        String neighborhood = NEIGHBORHOODS[(int) (Math.abs(random.nextGaussian()) * 4) % NEIGHBORHOODS.length];
        String street = 1 + random.nextInt(900) + " " + STREETS[random.nextInt(STREETS.length)];
        String zip = random.nextInt(8) == 0 ? "" : "021" + (10 + random.nextInt(30));
        double latitude = 42.2279 + random.nextInt(1700) / 1e4;
        double longitude = -71.19 + random.nextInt(2000) / 1e4;
        boolean isPlaced = random.nextInt(60) > 0;
        List<String> fields = new ArrayList<>(List.of(
                random.nextInt(20_000) == 0 ? "N/A" : opened.format(TIME),
                target == null ? "" : target.format(TIME),
                closed == null ? "" : closed.format(TIME),
                isLate ? "OVERDUE" : "ONTIME",
                closed == null ? "Open" : "Closed",
                closed == null ? " " : reason(random, closed),
                TYPES[type],
                DEPARTMENTS[type] + " Department",
                "Reason of " + DEPARTMENTS[type],
                TYPES[type],
                DEPARTMENTS[type] + "_" + TYPES[type],
                DEPARTMENTS[type],
                random.nextInt(3) == 0 ? "https://311.example.org/media/report/photos/%016x/report.jpg".formatted(random.nextLong()) : "",
                random.nextInt(12) == 0 ? "https://images.example.org/image/upload/%016x.jpg".formatted(random.nextLong()) : "",
                street + "  " + neighborhood + "  MA  " + zip,
                Integer.toString(1 + random.nextInt(12)),
                "0" + (1 + random.nextInt(9)),
                Integer.toString(1 + random.nextInt(9)),
                "E" + (1 + random.nextInt(18)),
                neighborhood,
                Integer.toString(1 + random.nextInt(15)),
                (random.nextBoolean() ? "Ward " : "") + (1 + random.nextInt(22)),
                "%04d".formatted(101 + random.nextInt(2100)),
                street,
                zip,
                isPlaced ? Double.toString(latitude) : "",
                isPlaced ? Double.toString(longitude) : "",
                SOURCES[random.nextInt(SOURCES.length)]));
        if (!isOld) {
            fields.add(
                    fields.size() - 1,
                    isPlaced
                            ? "0101000020E6100000%016X%016X"
                                    .formatted(Double.doubleToLongBits(longitude), Double.doubleToLongBits(latitude))
                            : "");
        }
        return fields.stream().map(CaseData::field).collect(Collectors.joining(","));
    }

    private static String reason(Random random, LocalDateTime closed) {
        if (random.nextInt(40) == 0) {
            return random.nextBoolean() ? "Case Closed Case Resolved  " : "";
        }
        StringBuilder reason = new StringBuilder("Case Closed. Closed date : ")
                .append(random.nextInt(3) == 0 ? closed.format(OTHER_TIME) : closed.format(TIME) + "." + random.nextInt(999))
                .append(' ')
                .append(VERDICTS[random.nextInt(VERDICTS.length)]);
        for (int word = random.nextInt(18); word > 0; word--) {
            reason.append(random.nextInt(25) == 0 ? ", " : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return reason.append(random.nextInt(300) == 0 ? "\n said \"done\" " : " ").toString();
    }

    private static String field(String text) {
        return text.indexOf(',') < 0 && text.indexOf('"') < 0 && text.indexOf('\n') < 0
                ? text
                : '"' + text.replace("\"", "\"\"") + '"';
    }
}
