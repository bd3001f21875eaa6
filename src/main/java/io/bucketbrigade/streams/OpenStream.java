package io.bucketbrigade.streams;

import io.bucketbrigade.registry.RowStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that routes of this process use.
 *
 * @param log takes what is sent
 * @param intake reads what is sent
 * @param relay brings rows from the buffer in front of the log into the log; null if there is none
 * @param archive where all rows are kept; null if they are not, or may not be
 * @param refused why nothing may be stored; null if it may
 */
record OpenStream(
        RowStream definition,
        GroupCommit log,
        Intake intake,
        @Nullable BufferRelay relay,
        @Nullable StreamArchive archive,
        @Nullable String refused) {
    /** With a buffer, it is the buffer in which rows wait, and they are accepted all the same. */
    void limit(String reader, long behind, long most, String name) {
        boolean isFull = behind >= most;
        if (relay != null) {
            relay.setPaused(isFull);
        } else {
            log.setFull(
                    isFull
                            ? behind + " rows of " + name + " wait for the reader " + reader
                                    + ", and no more are accepted until they are fewer than "
                                    + most + ". Send the rows again later."
                            : null);
        }
    }

    void close() {
        log.close();
        if (relay != null) {
            relay.close();
        }
    }
}
