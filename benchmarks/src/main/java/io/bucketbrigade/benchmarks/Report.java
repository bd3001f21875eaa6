package io.bucketbrigade.benchmarks;

import java.util.Locale;

/** RESULTS.md while it is written; what is written is printed too. */
final class Report {
    private final StringBuilder text = new StringBuilder();

    void line(String format, Object... values) {
        String line = values.length == 0 ? format : String.format(Locale.ROOT, format, values);
        System.out.println(line);
        text.append(line).append('\n');
    }

    void section(String title, String head) {
        line("");
        line("## " + title);
        line("");
        if (!head.isEmpty()) {
            table(head);
        }
    }

    void table(String head) {
        line("| " + head + " |");
        line("|" + "---|".repeat(head.split("\\|").length));
    }

    /** A target and whether it was met. */
    static String verdict(double value, double most) {
        return String.format(Locale.ROOT, "%.3f | ≤ %.2f | %s", value, most, value <= most ? "met" : "**missed**");
    }

    static String verdictAtLeast(double value, double least) {
        return String.format(Locale.ROOT, "%.2f | ≥ %.2f | %s", value, least, value >= least ? "met" : "**missed**");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
