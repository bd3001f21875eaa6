package io.bucketbrigade.sending;

import io.bucketbrigade.csv.Counted;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How fast rows are sent, and what people see of it: one line that changes on a terminal, else a line every ten seconds. */
final class Pace {
    private static final int WIDTH = 30;
    private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long REDRAW_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int REQUESTS_PER_SECOND = 10;

    private final double rowsPerSecond;
    private final long length;
    private final PrintWriter out;
    private final boolean isTerminal;
    private long alreadySent;
    private long begun = System.nanoTime();
    private long rowsBegun;
    private long shown = begun;
    private boolean isDrawn;
    private String waitsBecause = "";

    /**
     * @param rowsPerSecond at most; 0 for as fast as the service takes them
     * @param length of the file, in bytes
     */
    Pace(double rowsPerSecond, long length, PrintWriter out, boolean isTerminal) {
        this.rowsPerSecond = rowsPerSecond;
        this.length = length;
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** @param rows that were sent already */
    void beginAfter(long rows) {
        alreadySent = rows;
        begun = System.nanoTime();
        rowsBegun = 0;
        shown = begun;
    }

    /** How many rows a request should have: few where the rate is low, so that they arrive evenly. */
    int atOnce(int most) {
        return rowsPerSecond == 0 ? most : (int) Math.max(1, Math.min(most, rowsPerSecond / REQUESTS_PER_SECOND));
    }

    /** Waits until so many more rows may be sent. */
    void await(int rows) {
        if (rowsPerSecond > 0) {
            long due = begun + (long) (rowsBegun / rowsPerSecond * TimeUnit.SECONDS.toNanos(1));
            while (System.nanoTime() < due && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        rowsBegun += rows;
    }

    /** Shows how far it is, now and then. */
    void at(long bytes, SendState state) {
        waitsBecause = "";
        long now = System.nanoTime();
        if (now - shown < (isTerminal ? REDRAW_EVERY_NANOS : LINE_EVERY_NANOS)) {
            return;
        }
        shown = now;
        double share = Math.min(1, (double) bytes / length);
        double seconds = (now - begun) / 1e9;
        double rate = (state.rows() - alreadySent) / seconds;
        double leftRows = share > 0 ? state.rows() / share - state.rows() : 0;
        String line = String.format(
                Locale.ROOT,
                "%s %3.0f %%  %s  %,.0f rows/s  %s left",
                bar(share),
                100 * share,
                Counted.of(state.rows(), "row"),
                rate,
                rate > 0 ? time((long) (leftRows / rate)) : "--:--");
        print(line);
    }

    private static String bar(double share) {
        int full = (int) (share * WIDTH);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
    }

    private static String time(long seconds) {
        return seconds >= TimeUnit.HOURS.toSeconds(1)
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60);
    }

    private void print(String line) {
        if (isTerminal) {
            // Over the line before, whose rest is cleared.
            out.print("\r" + line + "\u001b[K");
            out.flush();
            isDrawn = true;
        } else {
            out.println(line);
        }
    }

    /**
     * Shows that nothing is sent at the moment.
     *
     * @param since for how long
     * @param why a sentence
     */
    void waits(URI address, Duration since, String why) {
        long now = System.nanoTime();
        if (isTerminal || !why.equals(waitsBecause) || now - shown >= LINE_EVERY_NANOS) {
            shown = now;
            waitsBecause = why;
            print("Waiting for " + address + " (" + since.toSeconds() + " s): " + why);
        }
    }

    /** Says something on a line of its own. */
    void say(String sentence) {
        end();
        out.println(sentence);
    }

    /** Ends the line that changes. */
    void end() {
        if (isDrawn) {
            out.println();
            isDrawn = false;
        }
    }
}
