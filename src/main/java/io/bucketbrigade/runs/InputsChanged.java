package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.List;

/** Inputs changed while a run read them: what it has is thrown away, and what is there now is read again. */
public final class InputsChanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param names those that changed */
    public InputsChanged(List<String> names) {
        this(String.join(", ", names) + " changed while being read; it is read again.");
    }

    private InputsChanged(String sentence) {
        super(sentence, new Problem(Kind.TRANSIENT, sentence));
    }
}
