package io.bucketbrigade.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What /observe/metrics answers of a service in which everything has happened once that is counted. */
public final class ServedMetrics {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "BRIGADE_MAIL_TO", "desk@example.org",
            "BRIGADE_MAIL_PORT", Integer.toString(TestService.freePort()),
            "BRIGADE_FETCH_PRIVATE", "true",
            "CITY_REQUESTS_SOURCES", "http://127.0.0.1:1/requests.csv");

    private final String text;
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, SortedSet<String>> labels = new LinkedHashMap<>();
    private final Set<String> samples = new TreeSet<>();

    /** @param text what was answered */
    public ServedMetrics(String text) {
        this.text = text;
        String family = "";
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                family = type.group(1);
                types.put(family, type.group(2));
                labels.put(family, new TreeSet<>());
            } else if (sample.matches()) {
                samples.add(sample.group(1));
                SortedSet<String> of = labels.computeIfAbsent(family, first -> new TreeSet<>());
                LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                        .results()
                        .forEach(label -> of.add(label.group(1)));
            }
        }
    }

    /** Of a service that ran, failed, was called, and could not send a mail nor fetch a file. */
    public static ServedMetrics afterRealRuns() throws Exception {
        Path folder = Files.createTempDirectory("brigade-metrics-");
        try (TestService service = new TestService(folder, ENVIRONMENT)) {
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,a\n");
            service.awaitRun("leaderboard", 1, "succeeded");
            service.drop("messages.csv", "message_id,received_at,content\n1,x,a\n");
            service.awaitRun("leaderboard", 1, "failed");
            service.get("/leaderboard");
            service.post(
                    "/transactions",
                    "{\"InvoiceNo\":\"1\",\"StockCode\":\"A\",\"Description\":\"x\",\"Quantity\":1,"
                            + "\"InvoiceDate\":\"2026-01-01T10:00:00\",\"UnitPrice\":\"1\",\"CustomerID\":\"\",\"Country\":\"Peru\"}",
                    "Content-Type",
                    "application/json");
            service.post("/pipelines/city-requests/fetch", "");
            List<String> late = List.of(
                    "brigade_stream_rows_total",
                    "brigade_fetched_bytes_total",
                    "brigade_last_success",
                    "brigade_notifications_waiting{channel=\"mail\"} 2.0",
                    "jvm_gc_pause_seconds");
            await().atMost(PATIENCE).pollInterval(500, TimeUnit.MILLISECONDS).until(() -> {
                System.gc();
                String served = service.get("/observe/metrics").body();
                return late.stream().allMatch(served::contains);
            });
            return new ServedMetrics(service.get("/observe/metrics").body());
        }
    }

    /** As it was answered. */
    public String text() {
        return text;
    }

    /** The types of all metrics by their names, in the order in which they were answered. */
    public Map<String, String> types() {
        return types;
    }

    /** The names of all samples, which have further endings where the metric is a histogram or a summary. */
    public Set<String> samples() {
        return samples;
    }

    /** The labels of a metric, without that of a histogram's buckets. */
    public SortedSet<String> labels(String metric) {
        SortedSet<String> own = new TreeSet<>(labels.getOrDefault(metric, new TreeSet<>()));
        own.remove("le");
        return own;
    }

    /** The labels of a sample. */
    public SortedSet<String> labelsOfSample(String sample) {
        return types.keySet().stream()
                .filter(metric ->
                        sample.equals(metric) || sample.matches(Pattern.quote(metric) + "_(bucket|count|sum)"))
                .findFirst()
                .map(metric -> labels.getOrDefault(metric, new TreeSet<>()))
                .orElseGet(TreeSet::new);
    }

    /**
     * Writes it to a file.
     *
     * @throws IOException if it can't be written
     */
    public Path writeTo(Path file) throws IOException {
        return Files.writeString(file, text);
    }
}
