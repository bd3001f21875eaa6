package io.bucketbrigade.csv;

import java.util.ArrayList;
import java.util.List;

/**
 * Where rows are in a file: the first of each block, so that any row is found by reading one block. It comes with counting
 * the file, and takes some bytes for each block.
 */
public final class RowIndex {
    private final List<Mark> marks = new ArrayList<>();

    /**
     * A row whose place is known.
     *
     * @param row its number, from 0, header and empty lines not among them
     * @param offset where it starts, in bytes
     * @param line the line on which it starts, from 1
     */
    public record Mark(long row, long offset, long line) {}

    void add(long row, long offset, long line) {
        marks.add(new Mark(row, offset, line));
    }

    /** The last known row that is not behind the wanted one; where the data starts, if there is none. */
    public Mark before(long row, Header header) {
        int low = 0;
        int high = marks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (marks.get(middle).row() <= row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? new Mark(0, header.dataStart(), header.dataLine()) : marks.get(low - 1);
    }
}
