package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;

/** So many rows were rejected or files skipped that the run is stopped; carries what is known of them, so that they can be shown. */
public final class TooManyRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RowCounts rowCounts;

    TooManyRejected(Problem problem, RowCounts rowCounts) {
        super(problem.getMessage(), problem);
        this.rowCounts = rowCounts;
    }

    /** What became of rows and files, as far as that was known. */
    public RowCounts rowCounts() {
        return rowCounts;
    }
}
