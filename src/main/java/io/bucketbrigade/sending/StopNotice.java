package io.bucketbrigade.sending;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says how far a file was sent if the program is stopped (Ctrl-C) before all was sent. */
final class StopNotice {
    private static final Logger LOG = LoggerFactory.getLogger(StopNotice.class);

    private final Thread hook;

    private StopNotice(Thread hook) {
        this.hook = hook;
    }

    /**
     * From now on, it is said.
     *
     * @param stateFile where is kept how far it has come
     */
    static StopNotice of(Path file, Path stateFile, Pace pace) {
        Thread hook = new Thread(() -> pace.say(howFar(file, stateFile)));
        Runtime.getRuntime().addShutdownHook(hook);
        return new StopNotice(hook);
    }

    private static String howFar(Path file, Path stateFile) {
        try {
            return "Stopped after " + Counted.of(SendState.read(stateFile).rows(), "row") + " of " + file
                    + "; the same command goes on from there.";
        } catch (IOException | Problem unreadable) {
            return "Stopped. How far " + file + " was sent can't be read: "
                    + Problems.of(unreadable).sentence();
        }
    }

    /** From now on, it is not said. */
    void withdraw() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            LOG.debug("The program is being stopped", stopping);
        }
    }
}
