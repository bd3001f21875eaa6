package io.bucketbrigade.fetching;

import org.jspecify.annotations.Nullable;

/** How far a fetch is, for who looks at it from another thread; and how another thread ends it. */
final class Progress {
    private static final double NANOS = 1e9;

    private volatile long bytes;
    private volatile long total = -1;
    private volatile long arrived;
    private volatile long farthest;
    private volatile long began = System.nanoTime();
    private volatile long took = -1;
    private volatile boolean ended;
    private volatile @Nullable Runnable cancel;

    /** An answer begins, behind what is there already. */
    void begin(long already, long whole) {
        if (arrived == 0) {
            began = System.nanoTime();
        }
        bytes = already;
        total = whole;
    }

    /** Bytes have arrived. Called by one thread only. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void add(int count) {
        bytes += count;
        arrived += count;
        farthest = Math.max(farthest, bytes);
    }

    /** All has arrived. */
    void arrivedWhole() {
        took = System.nanoTime() - began;
    }

    /** How many bytes of the file there are. */
    long bytes() {
        return bytes;
    }

    /** How many there will be; -1 if that is not known. */
    long total() {
        return total;
    }

    /** How many bytes arrived since this fetch began. */
    long arrived() {
        return arrived;
    }

    /** How many bytes of the file there were at most; after a break it may have to begin again. */
    long farthest() {
        return farthest;
    }

    /** How many bytes arrived per second. */
    double rate() {
        long nanos = Math.max(1, took >= 0 ? took : System.nanoTime() - began);
        return arrived * NANOS / nanos;
    }

    /** What ends the request that is under way; at once if it shall end already. */
    void endBy(Runnable what) {
        cancel = what;
        if (ended) {
            what.run();
        }
    }

    /** It shall end: what it fetches is not wanted any more, or not from here. */
    void end() {
        ended = true;
        Runnable current = cancel;
        if (current != null) {
            current.run();
        }
    }

    /** Whether it shall end. */
    boolean isEnded() {
        return ended;
    }
}
