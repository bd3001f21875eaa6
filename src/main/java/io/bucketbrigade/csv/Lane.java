package io.bucketbrigade.csv;

/**
 * What one thread at a time counts with: a window's buffer, and a tally that goes on from block to block. A tally of its
 * own for every block would have to be merged every time, which costs more than keeping one, so what was counted from a
 * wrong guess is undone by counting it again with minus one.
 */
final class Lane {
    final byte[] buffer = new byte[RowScanner.SMALLEST_BUFFER];
    final Tally tally = new Tally();
    final RepeatedHeader header;
    final KeyBatch plus;
    final KeyBatch minus;

    private final boolean keepsKeys;

    /** @param keepsKeys whether keys are counted; else only rows are */
    Lane(RepeatedHeader header, boolean keepsKeys) {
        this.header = header;
        this.keepsKeys = keepsKeys;
        this.plus = new KeyBatch(tally, keepsKeys ? 1 : 0, header);
        this.minus = new KeyBatch(tally, keepsKeys ? -1 : 0, header);
    }

    /** Counts a key that is not plain. */
    void add(byte[] bytes, int start, int end, int weight) {
        if (keepsKeys) {
            tally.add(bytes, start, end, weight);
        }
    }
}
