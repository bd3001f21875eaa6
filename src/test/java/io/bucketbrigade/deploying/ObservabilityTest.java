package io.bucketbrigade.deploying;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.bucketbrigade.support.Promtool;
import io.bucketbrigade.support.ServedMetrics;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The table of metrics in the documents, the alert rules and the dashboard, compared with what a service serves. */
@Tag("slow")
@TestInstance(Lifecycle.PER_CLASS)
class ObservabilityTest {
    private static final Path FOLDER = TestService.HOME.resolve("deploy/observability");
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| (.*?) \\| (one|all) \\| .+ \\|");
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    private static final Pattern NAME = Pattern.compile("\\b((?:brigade|hikaricp|jvm|process)_\\w+)(\\{[^}]*})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern TEMPLATE = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");
    /** Labels that Prometheus itself adds to each series. */
    private static final Set<String> ADDED = Set.of("instance", "job");

    private ServedMetrics served = new ServedMetrics("");

    @TempDir
    private Path scratch = Path.of("");

    @BeforeAll
    void run() throws Exception {
        served = ServedMetrics.afterRealRuns();
    }

    private static List<String> expressions(JsonNode node, String field) {
        return node.findValuesAsText(field);
    }

    private static JsonNode rules() throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(FOLDER.resolve("alerts.yaml").toFile());
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
    }

    /** Each metric in an expression is served, with the labels that are asked of it, and the expression groups only by labels it has. */
    private Set<String> requireServed(String expression) {
        Set<String> labels = new TreeSet<>(ADDED);
        Matcher name = NAME.matcher(expression);
        while (name.find()) {
            assertThat(served.samples()).as(expression).contains(name.group(1));
            Set<String> own = served.labelsOfSample(name.group(1));
            MATCHER.matcher(name.group(2) == null ? "" : name.group(2))
                    .results()
                    .forEach(matcher -> assertThat(own).as(expression).contains(matcher.group(1)));
            labels.addAll(own);
        }
        BY.matcher(expression)
                .results()
                .flatMap(by -> Pattern.compile(",\\s*").splitAsStream(by.group(1)))
                .forEach(label -> assertThat(labels).as(expression).contains(label));
        return labels;
    }

    @Test
    void the_table_in_the_documents_has_just_the_metrics_that_are_served() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(TestService.HOME.resolve("docs/OBSERVABILITY.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                List<String> labels = CODE.matcher(row.group(3))
                        .results()
                        .map(label -> label.group(1))
                        .toList();
                documented.add(row.group(1) + " " + row.group(2) + " " + labels);
            }
        }
        Set<String> expected = new TreeSet<>();
        served.types()
                .forEach((name, type) -> expected.add(name + " " + type + " " + List.copyOf(served.labels(name))));
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void prometheus_finds_nothing_wrong_with_what_is_served() throws Exception {
        Promtool.accepts(scratch, served.writeTo(scratch.resolve("served.txt")), "check", "metrics");
    }

    @Test
    void our_own_metrics_come_first_and_camels_do_not_come() {
        List<String> names = List.copyOf(served.types().keySet());
        long own = names.stream().filter(name -> name.startsWith("brigade_")).count();
        assertThat(names.subList(0, (int) own)).allMatch(name -> name.startsWith("brigade_"));
        assertThat(names).noneMatch(name -> name.startsWith("camel_") || name.startsWith("app_"));
    }

    @Test
    void the_rules_are_valid_and_do_what_their_tests_say() throws Exception {
        Path nothing = served.writeTo(scratch.resolve("served-too.txt"));
        Promtool.accepts(FOLDER, nothing, "check", "rules", "alerts.yaml");
        Promtool.accepts(FOLDER, nothing, "test", "rules", "alerts.test.yaml");
    }

    @Test
    void the_rules_ask_for_what_is_served() throws IOException {
        List<String> expressions = expressions(rules(), "expr");
        assertThat(expressions).hasSizeGreaterThan(8);
        expressions.forEach(this::requireServed);
    }

    @Test
    void every_rule_has_a_test() throws IOException {
        Set<String> tested = new TreeSet<>(expressions(
                new ObjectMapper(new YAMLFactory())
                        .readTree(FOLDER.resolve("alerts.test.yaml").toFile()),
                "alertname"));
        assertThat(new TreeSet<>(expressions(rules(), "alert"))).isEqualTo(tested);
    }

    @Test
    void the_tests_of_the_rules_use_series_that_are_served() throws IOException {
        for (String series : expressions(
                new ObjectMapper(new YAMLFactory())
                        .readTree(FOLDER.resolve("alerts.test.yaml").toFile()),
                "series")) {
            if (!series.startsWith("up{")) {
                Matcher name = NAME.matcher(series);
                assertThat(name.find()).as(series).isTrue();
                Set<String> labels = new TreeSet<>();
                MATCHER.matcher(series).results().forEach(label -> labels.add(label.group(1)));
                labels.removeAll(ADDED);
                assertThat(labels).as(series).isEqualTo(served.labelsOfSample(name.group(1)));
            }
        }
    }

    @Test
    void the_dashboard_asks_for_what_is_served_and_names_only_labels_that_are_there() throws IOException {
        List<String> metrics = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Set<String> labels = requireServed(target.path("expr").asText());
                metrics.add(target.path("expr").asText());
                TEMPLATE.matcher(target.path("legendFormat").asText()).results().forEach(label -> assertThat(labels)
                        .contains(label.group(1)));
            }
        }
        assertThat(metrics).hasSizeGreaterThan(15);
        requireServed(dashboard().at("/templating/list/1/query/query").asText());
    }

    @Test
    void prometheus_can_evaluate_every_expression_of_the_dashboard() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (String expression : expressions(dashboard(), "expr")) {
            rules.append("      - record: panel\n        expr: '")
                    .append(expression.replace("$__rate_interval", "5m"))
                    .append("'\n        labels: {number: '")
                    .append(rules.length())
                    .append("'}\n");
        }
        Path file = Files.writeString(scratch.resolve("dashboard.yaml"), rules);
        Promtool.accepts(scratch, file, "check", "rules", file.toString());
    }

    @Test
    void the_scrape_configuration_is_valid_with_and_without_what_is_commented_out() throws Exception {
        Path example = FOLDER.resolve("prometheus.yaml");
        Promtool.accepts(FOLDER, example, "check", "config", "prometheus.yaml");
        Files.copy(FOLDER.resolve("alerts.yaml"), scratch.resolve("alerts.yaml"));
        Path all = Files.writeString(
                scratch.resolve("all.yaml"),
                Files.readString(example).replaceAll("# (authorization|scheme|tls_config):", "$1:"));
        assertThat(Files.readString(all)).contains("\n    authorization:").contains("\n    scheme:");
        Promtool.accepts(scratch, all, "check", "config", "--syntax-only", all.toString());
    }
}
