package io.bucketbrigade.csv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Counts the rows of one block per key, into the tally of a lane, or undoes what was counted so. */
final class BlockCounter {
    private final ByteSource source;
    private final Header header;
    private final int keyColumn;
    private final Lane lane;
    private final int weight;

    final Rejects rejects;
    long rows;
    long longerRows;
    long windows1252;
    long linesWithoutValue;

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
        RowScanner scanner =
                new RowScanner(source, lane.buffer, header.separator(), keyColumn, firstRow, source.length());
        countRows(scanner, block.to(), 0);
        return new BlockTally(block, firstRow, scanner.offset(), scanner.newlines(), this);
    }

    /** Counts from the first row as the bytes suggest it. Reads at most {@code reach} bytes beyond the block. */
    BlockTally countFromGuess(Block block, long reach) throws IOException {
        long mostRead = Math.min(source.length(), block.to() + reach);
        RowScanner scanner =
                new RowScanner(source, lane.buffer, header.separator(), keyColumn, block.from() - 1, mostRead);
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
        while (true) {
            rows += plain.count(stopAt);
            if (!scanner.next(stopAt)) {
                longerRows += plain.longerRows();
                linesWithoutValue = scanner.linesWithoutValue;
                return;
            }
            long line = scanner.newlinesBeforeRow() - newlinesBefore;
            rows++;
            String problem = header.problem(scanner);
            if (problem == null) {
                problem = count(scanner);
            }
            if (problem != null) {
                reject(scanner, line, problem);
            } else if (scanner.fields() > wantedFields) {
                longerRows++;
            }
        }
    }

    /** Counts a row, or says why it can't be accepted. */
    private @Nullable String count(RowScanner scanner) throws IOException {
        byte[] bytes = scanner.keyBytes();
        int start = scanner.keyStart();
        int end = scanner.keyEnd();
        if (Blanks.isPlain(bytes, start, end)) {
            if (lane.header.isName(bytes, start, end) && isHeaderAgain(scanner)) {
                return Header.REPEATED;
            }
            if (MissingValue.is(bytes, start, end)) {
                return missing(new String(bytes, start, end - start, StandardCharsets.US_ASCII));
            }
            lane.add(bytes, start, end, weight);
            return null;
        }
        Text text = Text.of(bytes, start, end);
        String id = Blanks.stripId(text.toString());
        if (id.isEmpty() || id.indexOf('\0') >= 0) {
            return header.columns().get(keyColumn) + (id.isEmpty() ? " is blank" : " holds a NUL byte");
        }
        if (lane.header.mayBeName(bytes, start, end) && lane.header.isName(id) && isHeaderAgain(scanner)) {
            return Header.REPEATED;
        }
        if (MissingValue.is(id)) {
            return missing(id);
        }
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        windows1252 += text.isWindows1252() ? 1 : 0;
        lane.add(key, 0, key.length, weight);
        return null;
    }

    private String missing(String word) {
        return MissingValue.reason(header.columns().get(keyColumn), word);
    }

    private boolean isHeaderAgain(RowScanner scanner) throws IOException {
        if (scanner.offset() - scanner.rowStart() > Header.LONGEST) {
            return false;
        }
        byte[] row = scanner.row();
        String text = Text.of(row, 0, row.length).toString().replaceAll("[\\r\\n]+$", "");
        return lane.header.isHeader(Header.split(text, header.separator()));
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
