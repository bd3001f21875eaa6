package io.bucketbrigade.csv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rows of a file that were rejected: all are counted, the first ones are kept. */
public final class Rejects {
    private final int most;
    private final List<Rejected> kept = new ArrayList<>();
    private long count;

    /** @param most how many are kept */
    public Rejects(int most) {
        this.most = most;
    }

    /** Counts a row, and says whether there is room to {@link #keep} it. */
    public boolean count() {
        count++;
        return kept.size() < most;
    }

    /** Keeps a row that was counted. */
    public void keep(Rejected row) {
        kept.add(row);
    }

    /** Takes in those of a later part of the file. */
    void addAll(Rejects part, long linesBefore) {
        count += part.count;
        for (Rejected row : part.kept) {
            if (kept.size() < most) {
                kept.add(row.movedBy(linesBefore));
            }
        }
    }

    /** How many rows were rejected. */
    public long rows() {
        return count;
    }

    /** The first rejected rows, with the reason, in the order of the file. */
    public List<Rejected> first() {
        return kept.stream().sorted(Comparator.comparingLong(Rejected::line)).toList();
    }
}
