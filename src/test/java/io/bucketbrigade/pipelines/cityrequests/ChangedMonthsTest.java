package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.lake.TestTables;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only months whose inputs changed are written again; whatever changes, the cases are those that a plain reading of all files finds. */
@Tag("slow")
class ChangedMonthsTest {
    private static final int ROUNDS = 7;
    private static final int CASES = 25;
    private static final int MONTHS = 9;
    private static final String UNCHANGED = "PartitionData{year=2018, month=12}";

    @TempDir
    private Path folder = Path.of("");

    /** A row of a file; an opening of another form than a time makes it a rejected one. */
    private record Row(int id, String opened, String title) {
        String csv() {
            return id + "," + opened + ",Open," + title + "\n";
        }

        boolean isCase() {
            return opened.startsWith("2018");
        }

        /** As Iceberg shows the partition. */
        String month() {
            return "PartitionData{year=2018, month=" + Integer.parseInt(opened.substring(5, 7)) + "}";
        }
    }

    private static List<Row> random(Random random) {
        List<Row> rows = new ArrayList<>();
        int month = 1 + random.nextInt(MONTHS);
        for (int row = 0; row < 6; row++) {
            int id = 1 + random.nextInt(CASES);
            String opened = random.nextInt(8) == 0
                    ? "N/A"
                    : "2018-0" + Math.min(MONTHS, month + random.nextInt(2)) + "-1" + row + " 10:00:00";
            rows.add(new Row(id, opened, "made " + random.nextInt(1000)));
        }
        rows.add(new Row(CASES + 1, "2018-05-05 05:05:05", "in all files"));
        return rows;
    }

    /** The last row of the last file counts. */
    private static Map<Integer, String> plain(Map<String, List<Row>> files, Map<String, List<String>> months) {
        Map<Integer, Row> last = new TreeMap<>();
        Map<Integer, String> cases = new TreeMap<>();
        files.forEach((file, rows) -> {
            for (int at = 0; at < rows.size(); at++) {
                Row row = rows.get(at);
                if (row.isCase()) {
                    last.put(row.id(), row);
                    cases.put(
                            row.id(),
                            row.id() + "," + row.opened() + "," + row.title() + "," + file + "," + (at + 2) + "\n");
                }
            }
        });
        last.forEach((id, row) ->
                months.computeIfAbsent(row.month(), month -> new ArrayList<>()).add(cases.get(id)));
        return cases;
    }

    @Test
    void the_cases_are_those_of_a_plain_reading_after_any_change_and_other_months_keep_their_files() throws Exception {
        Path raw = Files.createDirectories(folder.resolve("city-requests/raw"));
        Map<String, List<Row>> files = new TreeMap<>();
        Random random = new Random(18);
        try (TestService service =
                new TestService(folder, Map.of("CITY_REQUESTS_QUIET", "100ms", "CITY_REQUESTS_MAX_REJECTED", "99%"))) {
            TestTables tables = new TestTables(service, "city-requests", folder.resolve("city-requests/lake"));
            String unchanged = "";
            for (int round = 1; round <= ROUNDS; round++) {
                change(random, round, files, raw);
                service.awaitRun("city-requests", round, "succeeded");
                Map<String, List<String>> months = new HashMap<>();
                Map<Integer, String> cases = plain(files, months);
                assertThat(tables.csv(
                                "silver", "case_enquiry_id", "open_dt", "case_title", "_source_file", "_source_line"))
                        .isEqualTo("case_enquiry_id,open_dt,case_title,_source_file,_source_line\n"
                                + String.join("", cases.values()));
                Map<String, String> filesNow = tables.files("silver");
                assertThat(filesNow.keySet()).isEqualTo(months.keySet());
                assertThat(filesNow)
                        .containsEntry(UNCHANGED, unchanged.isEmpty() ? filesNow.get(UNCHANGED) : unchanged);
                unchanged = filesNow.getOrDefault(UNCHANGED, "");
            }
        }
    }

    private static void change(Random random, int round, Map<String, List<Row>> files, Path raw) throws Exception {
        if (round == 1) {
            for (String file : List.of("2015.csv", "2016.csv", "2017.csv")) {
                put(file, random(random), files, raw);
            }
            put("2010.csv", List.of(new Row(CASES + 2, "2018-12-01 10:00:00", "never changed")), files, raw);
        } else if (round == 4) {
            files.remove("2017.csv");
            Files.delete(raw.resolve("2017.csv"));
        } else {
            put("201" + (5 + random.nextInt(5)) + ".csv", random(random), files, raw);
        }
    }

    private static void put(String file, List<Row> rows, Map<String, List<Row>> files, Path raw) throws Exception {
        files.put(file, rows);
        Path whole = Files.writeString(
                raw.resolveSibling("made"),
                "case_enquiry_id,open_dt,case_status,case_title\n"
                        + rows.stream().map(Row::csv).collect(Collectors.joining()));
        Files.move(whole, raw.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
}
