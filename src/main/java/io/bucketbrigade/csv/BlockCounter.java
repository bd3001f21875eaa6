package io.bucketbrigade.csv;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Counts the rows of one block per key, into a lane's tally, or takes back what was counted so. */
final class BlockCounter {
    private final ByteSource source;
    private final Header header;
    private final int keyColumn;
    private final Lane lane;
    private final int weight;

    final Rejects rejects;
    long rows;

    @Nullable
    CsvException failure;

    /** @param weight what each row counts: 1, or -1 to take it back */
    BlockCounter(ByteSource source, Header header, int keyColumn, Lane lane, int weight, int mostRejected) {
        this.source = source;
        this.header = header;
        this.keyColumn = keyColumn;
        this.lane = lane;
        this.weight = weight;
        this.rejects = new Rejects(mostRejected);
    }

    /** Counts with the first row where it is known to start. */
    BlockTally countFrom(long firstRow, Block block) throws IOException {
        RowScanner scanner = new RowScanner(source, lane.buffer, keyColumn, firstRow, source.length());
        countRows(scanner, block.to(), 0);
        return new BlockTally(block, firstRow, scanner.offset(), scanner.newlines(), this);
    }

    /** Counts from the first row as the bytes suggest it. Reads at most {@code reach} bytes beyond the block. */
    BlockTally countFromGuess(Block block, long reach) throws IOException {
        long mostRead = Math.min(source.length(), block.to() + reach);
        RowScanner scanner = new RowScanner(source, lane.buffer, keyColumn, block.from() - 1, mostRead);
        boolean found = scanner.skipPartialRow(scanner.startsInQuotes(), block.to());
        if (!found || scanner.offset() >= block.to()) {
            return new BlockTally(block, -1, -1, 0, this);
        }
        long firstRow = scanner.offset();
        long newlinesBefore = scanner.newlines();
        countRows(scanner, block.to(), newlinesBefore);
        long first = scanner.cutShort() ? -1 : firstRow;
        return new BlockTally(block, first, scanner.offset(), scanner.newlines() - newlinesBefore, this);
    }

    private void countRows(RowScanner scanner, long stopAt, long newlinesBefore) throws IOException {
        int wantedFields = header.columns().size();
        PlainRows plain = new PlainRows(scanner, wantedFields, weight > 0 ? lane.plus : lane.minus);
        while (failure == null) {
            rows += plain.count(stopAt);
            if (!scanner.next(stopAt)) {
                return;
            }
            long line = scanner.newlinesBeforeRow() - newlinesBefore;
            rows++;
            if (scanner.problem() != RowProblem.NONE) {
                reject(scanner, line, scanner.problem().words());
            } else if (scanner.fields() != wantedFields) {
                reject(scanner, line, String.valueOf(header.fieldsProblem(scanner.fields())));
            } else {
                countRow(scanner, line);
            }
        }
    }

    private void countRow(RowScanner scanner, long line) throws IOException {
        byte[] bytes = scanner.keyBytes();
        int start = scanner.keyStart();
        int end = scanner.keyEnd();
        String problem = keyProblem(bytes, start, end);
        if (problem != null) {
            reject(scanner, line, header.columns().get(keyColumn) + problem);
        } else if (!Utf8.isValid(bytes, start, end)) {
            failure = new CsvException(
                    header.file(),
                    line,
                    header.columns().get(keyColumn),
                    "these bytes are not UTF-8. Save the file as CSV in UTF-8.");
        } else {
            lane.tally.add(bytes, start, end, weight);
        }
    }

    private static @Nullable String keyProblem(byte[] bytes, int start, int end) {
        boolean blank = true;
        for (int at = start; at < end; at++) {
            byte b = bytes[at];
            if (b == 0) {
                return " holds a NUL byte";
            }
            blank &= b == ' ' || (b >= '\t' && b <= '\r');
        }
        return blank ? " is blank" : null;
    }

    private void reject(RowScanner scanner, long line, String reason) throws IOException {
        if (rejects.count()) {
            rejects.keep(new Rejected(header.file(), line, reason, text(source, scanner.rowStart(), scanner.offset())));
        }
    }

    /** The beginning of a row, without its line end. */
    static String text(ByteSource source, long start, long end) throws IOException {
        return RowText.read(source, start, end).text();
    }

    /** Reads that many bytes, or as many as there are, and says how many. */
    static int readFully(ByteSource source, long start, byte[] into, int wanted) throws IOException {
        int length = 0;
        while (length < wanted) {
            int count = source.read(start + length, into, length, wanted - length);
            if (count < 0) {
                break;
            }
            length += count;
        }
        return length;
    }
}
