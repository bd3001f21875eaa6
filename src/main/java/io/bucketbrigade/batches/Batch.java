package io.bucketbrigade.batches;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Instant;
import java.util.List;

/**
 * A batch as the database has it.
 *
 * @param location the folder or bucket that its files are put into
 * @param files the names of the files that belong to it
 * @param expiresAt when it is dropped if nobody has committed it
 * @param hasExpired whether that time has passed, by the database's clock
 * @param isAttended whether a process is putting it in place, and has been heard of lately
 * @param placed what was put in place, as runs describe their inputs: a JSON array
 * @param error why it failed, was dropped or can't be put in place yet; blank otherwise
 * @param endedLongAgo whether it ended more than a day ago
 */
record Batch(
        String id,
        String pipeline,
        String location,
        List<String> files,
        State state,
        Instant expiresAt,
        boolean hasExpired,
        boolean isAttended,
        String placed,
        String error,
        boolean endedLongAgo) {

    /** What has become of it. */
    enum State {
        OPEN("open"),
        COMMITTING("committing"),
        COMMITTED("committed"),
        DROPPED("dropped"),
        FAILED("failed");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static State of(String word) {
            for (State state : values()) {
                if (state.word.equals(word)) {
                    return state;
                }
            }
            throw new IllegalStateException("A batch can't be " + word);
        }
    }

    /** A file of which the bytes, or some of them, are kept beside the location. */
    record StagedFile(long id, Batch of, String file, String ticket) {}

    /**
     * Makes sure that files can still be added.
     *
     * @throws Problem if they can't
     */
    void requireOpen() {
        switch (state) {
            case OPEN -> {
                if (hasExpired) {
                    throw new Problem(Kind.GONE, "Batch " + id + " has expired. Begin a new one and send its files.");
                }
            }
            case DROPPED, FAILED -> throw ended();
            case COMMITTING, COMMITTED ->
                throw new Problem(
                        Kind.CONFLICT,
                        "Batch " + id + " is committed already and accepts no more files. Begin a new one.");
        }
    }

    /**
     * Makes sure that nothing is missing.
     *
     * @param whole the names of the files that are here
     * @throws Problem if something is
     */
    void requireFiles(List<String> whole) {
        List<String> missing =
                files.stream().filter(file -> !whole.contains(file)).toList();
        if (!missing.isEmpty()) {
            throw new Problem(
                    Kind.CONFLICT,
                    "Batch " + id + " is missing " + String.join(" and ", missing) + ". Send "
                            + (missing.size() == 1 ? "it" : "them") + ", then commit.");
        }
    }

    /** What is said to a caller who wants to go on with a batch that was dropped or has failed. */
    Problem ended() {
        return new Problem(state == State.DROPPED ? Kind.GONE : Kind.CONFLICT, error);
    }
}
