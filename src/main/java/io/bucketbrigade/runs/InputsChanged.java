package io.bucketbrigade.runs;

import java.util.List;

/** Inputs changed while a run read them: what it has is thrown away, and what lies there now is read anew. */
public final class InputsChanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InputsChanged(List<String> names) {
        super(String.join(", ", names) + " changed while being read; it is read anew.");
    }
}
