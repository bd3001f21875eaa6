package io.bucketbrigade.csv;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The count of a whole file's rows per key: cuts it into blocks and puts their tallies together.
 *
 * <p>Blocks are tallied in any order by any number of threads ({@link Block#tally()}), and added by one thread at a time
 * ({@link #add}). They are put together in the order of the file: a block whose first row was guessed elsewhere than where
 * the block before it really ended is undone and counted again from there, so the result never depends on a guess, on
 * the size of the blocks or on the threads. The keys themselves are counted in {@link Lane}s, of which there are as many as
 * blocks are tallied at once.
 */
public final class KeyCount {
    private static final int MOST_KEYS_IN_LANE = 1 << 21;

    private final ByteSource source;
    private final Header header;
    private final int keyColumn;
    private final int blockSize;
    private final int mostRejected;
    private final RepeatedHeader repeatedHeader;
    private final boolean keepsKeys;
    private final ConcurrentLinkedDeque<Lane> lanes = new ConcurrentLinkedDeque<>();

    private final SortedMap<Integer, BlockTally> waiting = new TreeMap<>();
    /** Guarded by this. */
    private Tally total = new Tally();

    private final Rejects rejects;
    private final RowIndex index = new RowIndex();
    private int nextBlock;
    private long nextRow;
    private long line;
    private long rows;
    private long longerRows;
    private long windows1252;
    private long linesWithoutValue;
    private long blocksCountedAgain;
    private boolean takenBack;

    /**
     * @param keyColumn index of the column to count by
     * @param blockSize bytes per block
     * @param mostRejected how many rejected rows are kept with their text; all are counted
     */
    public KeyCount(ByteSource source, Header header, int keyColumn, int blockSize, int mostRejected) {
        this(source, header, keyColumn, blockSize, mostRejected, true);
    }

    private KeyCount(
            ByteSource source, Header header, int keyColumn, int blockSize, int mostRejected, boolean keepsKeys) {
        this.keepsKeys = keepsKeys;
        this.source = source;
        this.header = header;
        this.keyColumn = keyColumn;
        this.repeatedHeader = new RepeatedHeader(header, keyColumn);
        this.blockSize = blockSize;
        this.mostRejected = mostRejected;
        this.rejects = new Rejects(mostRejected);
        this.nextRow = header.dataStart();
        this.line = header.dataLine();
    }

    /**
     * A count of the rows alone: it finds how many there are and where they are, and keeps no key and no rejected row.
     *
     * @param blockSize bytes per block
     */
    public static KeyCount ofRows(ByteSource source, Header header, int blockSize) {
        return new KeyCount(source, header, 0, blockSize, 0, false);
    }

    /** The blocks, in the order of the file, made as they are asked for. */
    public Iterator<Block> blocks() {
        return new Iterator<>() {
            private int index;

            private long from() {
                return header.dataStart() + (long) index * blockSize;
            }

            @Override
            public boolean hasNext() {
                return from() < source.length();
            }

            @Override
            public Block next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Block block = new Block(KeyCount.this, index, from(), Math.min(from() + blockSize, source.length()));
                index++;
                return block;
            }
        };
    }

    BlockTally tally(Block block) throws IOException {
        return count(block, 1);
    }

    private BlockTally count(Block block, int weight) throws IOException {
        Lane lane = takeLane();
        try {
            BlockCounter counter = new BlockCounter(source, header, keyColumn, lane, weight, mostRejected);
            return block.index() == 0
                    ? counter.countFrom(header.dataStart(), block)
                    : counter.countFromGuess(block, RowScanner.SMALLEST_BUFFER);
        } finally {
            release(lane);
        }
    }

    private Lane takeLane() {
        Lane lane = lanes.poll();
        return lane != null ? lane : new Lane(repeatedHeader, keepsKeys);
    }

    /** Many keys in every lane would be kept many times, so a lane that has that many is emptied into the total. */
    private void release(Lane lane) {
        if (lane.tally.size() > MOST_KEYS_IN_LANE) {
            mergeIntoTotal(lane);
        } else {
            lanes.push(lane);
        }
    }

    private synchronized void mergeIntoTotal(Lane lane) {
        if (total.size() == 0) {
            total = lane.tally;
        } else {
            total.merge(lane.tally);
        }
    }

    /**
     * Adds a block's tally; to be called by one thread at a time, in any order.
     *
     * @throws IOException if a block has to be counted again and can't be read
     */
    public void add(BlockTally counted) throws IOException {
        waiting.put(counted.block.index(), counted);
        ArrayDeque<BlockTally> ready = new ArrayDeque<>();
        BlockTally next;
        while ((next = waiting.remove(nextBlock)) != null) {
            ready.add(next);
            nextBlock++;
        }
        for (BlockTally block : ready) {
            append(block);
        }
    }

    private void append(BlockTally counted) throws IOException {
        boolean nothingStartsHere = nextRow >= counted.block.to();
        BlockTally block = counted;
        if (nothingStartsHere || counted.firstRow != nextRow) {
            if (counted.rows > 0) {
                count(counted.block, -1);
                takenBack = true;
            }
            if (nothingStartsHere) {
                return;
            }
            block = countAgain(counted.block);
        }
        index.add(rows, nextRow, line);
        rejects.addAll(block.rejects, line);
        rows += block.rows;
        longerRows += block.longerRows;
        windows1252 += block.windows1252;
        linesWithoutValue += block.linesWithoutValue;
        line += block.newlines;
        nextRow = block.end;
    }

    private BlockTally countAgain(Block block) throws IOException {
        blocksCountedAgain++;
        Lane lane = takeLane();
        try {
            return new BlockCounter(source, header, keyColumn, lane, 1, mostRejected).countFrom(nextRow, block);
        } finally {
            release(lane);
        }
    }

    /** The bytes that are counted. */
    public ByteSource source() {
        return source;
    }

    /** The file's header. */
    public Header header() {
        return header;
    }

    /** The counts per key, when all blocks have been added. */
    public synchronized Tally tally() {
        for (Lane lane = lanes.poll(); lane != null; lane = lanes.poll()) {
            mergeIntoTotal(lane);
        }
        if (takenBack) {
            Tally withoutZeros = new Tally();
            withoutZeros.merge(total);
            total = withoutZeros;
            takenBack = false;
        }
        return total;
    }

    /** Where the rows are, when all blocks have been added. */
    public RowIndex index() {
        return index;
    }

    /** What is worth saying of how the file was read, each with a number of rows. */
    public Map<String, Long> remarks() {
        return header.remarks(header.file(), rows, longerRows, windows1252, linesWithoutValue);
    }

    /** Rows read, header and empty lines not among them. */
    public long rows() {
        return rows;
    }

    /** Rows rejected. */
    public Rejects rejects() {
        return rejects;
    }

    /** How many blocks had to be counted again because their start was guessed wrongly. */
    public long blocksCountedAgain() {
        return blocksCountedAgain;
    }
}
