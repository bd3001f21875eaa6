package io.bucketbrigade.csv;

/**
 * What one thread at a time counts with: a window's buffer, and a tally that goes on from block to block. A tally of its
 * own for every block would have to be merged every time, which costs more than keeping one, so what was counted from a
 * wrong guess is taken back by counting it again with minus one.
 */
final class Lane {
    final byte[] buffer = new byte[RowScanner.SMALLEST_BUFFER];
    final Tally tally = new Tally();
    final RepeatedHeader header;
    final KeyBatch plus;
    final KeyBatch minus;

    Lane(RepeatedHeader header) {
        this.header = header;
        this.plus = new KeyBatch(tally, 1, header);
        this.minus = new KeyBatch(tally, -1, header);
    }
}
