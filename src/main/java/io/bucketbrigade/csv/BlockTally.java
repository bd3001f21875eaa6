package io.bucketbrigade.csv;

/** What was found in one block. Lines are counted from the block's first row. */
public final class BlockTally {
    final Block block;
    /** Where the first row that was counted starts; -1 if none starts in the block as far as is known. */
    final long firstRow;
    /** Where the last row that starts in the block ends, which is where the next block's first row starts. */
    final long end;

    final long rows;
    final long newlines;
    final Rejects rejects;
    final long longerRows;
    final long windows1252;
    final long linesWithoutValue;

    BlockTally(Block block, long firstRow, long end, long newlines, BlockCounter counter) {
        this.block = block;
        this.firstRow = firstRow;
        this.end = end;
        this.newlines = newlines;
        this.rows = counter.rows;
        this.rejects = counter.rejects;
        this.longerRows = counter.longerRows;
        this.windows1252 = counter.windows1252;
        this.linesWithoutValue = counter.linesWithoutValue;
    }

    /** Which block it is of. */
    public Block block() {
        return block;
    }
}
