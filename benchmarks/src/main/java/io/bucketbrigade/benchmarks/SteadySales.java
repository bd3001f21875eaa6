package io.bucketbrigade.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sales that arrive at a steady rate, with the times of a live shop: whether store and warehouse keep up, and how long a lookup takes meanwhile. */
final class SteadySales {
    private static final int[] RATES = {5_000, 10_000, 15_000, 20_000, 30_000};
    private static final int SECONDS = 30;
    /** Readers keep up if they need no longer than this for the last rows. */
    private static final double KEEPS_UP_SECONDS = 2;

    private final SalesTarget target;

    /**
     * How a rate went.
     *
     * @param accepted rows per second that were acknowledged
     * @param behind how many rows store or warehouse was behind at the last answer
     * @param after seconds from the last answer until all rows were in both
     * @param lookups milliseconds of each GET of an invoice
     */
    private record Steady(double accepted, long behind, double after, Figures lookups) {}

    SteadySales(SalesTarget target) {
        this.target = target;
    }

    void measure(Report report) throws Exception {
        report.section(
                "Arrays of " + SalesTarget.BATCH + " rows for " + SECONDS + " s at a steady rate, with the times of a live shop",
                "rows/s sent | rows/s accepted | rows behind at the end | s until all rows were in store and warehouse"
                        + " | GET of an invoice meanwhile, p50 ms | p99 ms");
        int kept = 0;
        boolean keepsUp = true;
        for (int rate : RATES) {
            Steady steady = at(rate);
            report.line(
                    "| %d | %.0f | %d | %.1f | %.1f | %.1f |",
                    rate,
                    steady.accepted(),
                    steady.behind(),
                    steady.after(),
                    steady.lookups().median(),
                    steady.lookups().notAbove(0.99));
            keepsUp &= steady.accepted() > 0.98 * rate && steady.after() < KEEPS_UP_SECONDS;
            kept = keepsUp ? rate : kept;
        }
        report.line("");
        report.table("Target | value | | |");
        report.line("| highest of these rates that store and warehouse keep up with | %s |", Report.verdictAtLeast(kept, 30_000));
    }

    private Steady at(int rate) throws Exception {
        target.awaitReaders();
        int first = 400_000 + rate * 10;
        List<byte[]> arrays = SalesTarget.arrays(SentSales.liveRows(rate * SECONDS, rate, first));
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService beside = Executors.newSingleThreadExecutor();
        Future<List<Double>> lookups = beside.submit(() -> lookUp(ended));
        double seconds = Sales.seconds(() -> target.send(arrays, rate / (double) SalesTarget.BATCH));
        ended.set(true);
        long behind = target.behind();
        double after = Sales.seconds(target::awaitReaders);
        beside.shutdown();
        return new Steady(rate * SECONDS / seconds, behind, after, new Figures(lookups.get()));
    }

    private List<Double> lookUp(AtomicBoolean ended) throws Exception {
        List<Double> milliseconds = new ArrayList<>();
        for (int invoice = 200_100; !ended.get(); invoice++) {
            long start = System.nanoTime();
            target.service().read("/transactions/invoices/" + invoice);
            milliseconds.add((System.nanoTime() - start) / 1e6);
            Thread.sleep(10);
        }
        return milliseconds;
    }
}
