package io.bucketbrigade.benchmarks;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Seconds over gigabytes, both on logarithmic axes, as an SVG. */
final class Plot {
    private static final String[] COLOURS = {"#0b7a75", "#d1495b", "#6b6f80", "#edae49"};
    private static final double[] GIGABYTES = {0.25, 0.5, 1, 2, 4};
    private static final double[] SECONDS = {0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100};
    private static final int WIDTH = 760;
    private static final int HEIGHT = 440;

    private Plot() {}

    static String of(Map<String, TreeMap<Double, Double>> series) {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH + 180)
                .append(' ')
                .append(HEIGHT + 60)
                .append("\" font-family=\"system-ui, sans-serif\" font-size=\"14\">\n")
                .append("<title>Seconds to rank a messages.csv, over its size</title>\n")
                .append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (double seconds : SECONDS) {
            line(svg, 60, y(seconds), WIDTH, y(seconds), "#e4e4ea");
            text(svg, 52, y(seconds) + 5, "end", "#555", label(seconds) + " s");
        }
        for (double gigabytes : GIGABYTES) {
            line(svg, x(gigabytes), 20, x(gigabytes), HEIGHT, "#e4e4ea");
            text(svg, x(gigabytes), HEIGHT + 22, "middle", "#555", label(gigabytes) + " GB");
        }
        int number = 0;
        for (Map.Entry<String, TreeMap<Double, Double>> entry : series.entrySet()) {
            String colour = COLOURS[number++ % COLOURS.length];
            StringBuilder points = new StringBuilder();
            entry.getValue().forEach((gigabytes, seconds) -> {
                points.append(format(x(gigabytes)))
                        .append(',')
                        .append(format(y(seconds)))
                        .append(' ');
                svg.append("<circle r=\"4\" fill=\"")
                        .append(colour)
                        .append("\" cx=\"")
                        .append(format(x(gigabytes)))
                        .append("\" cy=\"")
                        .append(format(y(seconds)))
                        .append("\"/>\n");
            });
            svg.append("<polyline fill=\"none\" stroke-width=\"2.5\" stroke=\"")
                    .append(colour)
                    .append("\" points=\"")
                    .append(points.toString().strip())
                    .append("\"/>\n");
            text(svg, WIDTH + 12, y(entry.getValue().lastEntry().getValue()) + 5, "start", colour, entry.getKey());
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double gigabytes) {
        return 60 + (WIDTH - 60) * Math.log(gigabytes / 0.22) / Math.log(4.6 / 0.22);
    }

    private static double y(double seconds) {
        return HEIGHT - (HEIGHT - 20) * Math.log(seconds / 0.05) / Math.log(100 / 0.05);
    }

    private static String label(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String colour, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                text));
    }
}
