package io.bucketbrigade.runs;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.problems.Problem;
import java.util.List;

/** So many rows had to be left out that the run is stopped; carries them, so that they can be shown. */
public final class TooManyRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Rejected> rejected;

    TooManyRejected(Problem problem, List<Rejected> rejected) {
        super(problem.getMessage(), problem);
        this.rejected = List.copyOf(rejected);
    }

    /** The first rows left out. */
    public List<Rejected> rejected() {
        return rejected;
    }
}
