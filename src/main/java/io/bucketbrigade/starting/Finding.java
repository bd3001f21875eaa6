package io.bucketbrigade.starting;

/**
 * What a check found.
 *
 * @param state how it is
 * @param what what was checked, and how it is, in words
 * @param fix what to do about it; blank if nothing
 */
public record Finding(State state, String what, String fix) {
    /** How something is. */
    public enum State {
        OK,
        WARNING,
        FAILED
    }

    /** A setting that can't be used: what is wrong with it, and what to do. */
    public static Finding wrongSetting(String what) {
        return failed(what, "");
    }

    static Finding ok(String what) {
        return new Finding(State.OK, what, "");
    }

    static Finding warning(String what, String fix) {
        return new Finding(State.WARNING, what, fix);
    }

    static Finding failed(String what, String fix) {
        return new Finding(State.FAILED, what, fix);
    }
}
