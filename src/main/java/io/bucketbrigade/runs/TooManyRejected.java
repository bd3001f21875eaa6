package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;

/** So many rows or files had to be left out that the run is stopped; carries what is known of them, so that they can be shown. */
public final class TooManyRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Accounts accounts;

    TooManyRejected(Problem problem, Accounts accounts) {
        super(problem.getMessage(), problem);
        this.accounts = accounts;
    }

    /** What became of rows and files, as far as that was known. */
    public Accounts accounts() {
        return accounts;
    }
}
