package io.bucketbrigade.benchmarks;

import java.util.List;
import java.util.Locale;

/** What one thing took, in several repetitions. */
record Figures(List<Double> values) {
    double median() {
        return sorted(values.size() / 2);
    }

    double least() {
        return sorted(0);
    }

    double most() {
        return sorted(values.size() - 1);
    }

    /** The value that 95 % are not above. */
    double percentile95() {
        return notAbove(0.95);
    }

    /** The value that a share of them is not above. */
    double notAbove(double share) {
        return sorted((int) Math.ceil(share * values.size()) - 1);
    }

    private double sorted(int index) {
        return values.stream().sorted().toList().get(index);
    }

    /** Median, least and most, as cells of a table. */
    String cells() {
        return String.format(Locale.ROOT, "%.3f | %.3f | %.3f", median(), least(), most());
    }
}
