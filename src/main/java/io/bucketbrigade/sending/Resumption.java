package io.bucketbrigade.sending;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** From where a file is sent on. What was sent counts only as long as the service has the log in which it is. */
final class Resumption {
    private final Path file;
    private final URI address;
    private final Path stateFile;
    private final Consumer<String> say;
    private boolean hasBegunAgain;

    /**
     * @param stateFile where is kept how far it has come
     * @param say gets why the file is sent from another row than expected
     */
    Resumption(Path file, URI address, Path stateFile, Consumer<String> say) {
        this.file = file;
        this.address = address;
        this.stateFile = stateFile;
        this.say = say;
    }

    /**
     * What was sent to the log that the service has now.
     *
     * @param log asks what that is known by; blank if the service does not say it
     */
    SendState before(Supplier<String> log) throws IOException {
        SendState before = SendState.read(stateFile);
        if (before.rows() == 0) {
            return before;
        }
        String now = log.get();
        if (before.isOfAnother(now)) {
            beginAgain(before.rows());
            return SendState.NOTHING;
        }
        if (!before.log().isEmpty() || now.isEmpty()) {
            return before;
        }
        say.accept("An earlier version noted how far " + file + " was sent, but not to which database; the one at "
                + address + " now is taken to be the same. If it is another one, delete " + stateFile
                + " and send the file again.");
        SendState known = before.in(now);
        known.write(stateFile);
        return known;
    }

    /**
     * Says that the file is sent from its first row again.
     *
     * @param rows how many were sent to the log before
     * @throws Problem if the log was another one before in this call
     */
    void beginAgain(long rows) {
        if (hasBegunAgain) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The database at " + address + " has changed more than once while " + file
                            + " was sent, so perhaps several services with databases of their own answer there, and each has some of the rows."
                            + " Let them use one database, or send to one of them; then send the file again.");
        }
        hasBegunAgain = true;
        say.accept("The service at " + address + " has another database than the one to which "
                + Counted.of(rows, "row") + " of " + file + " were sent, so all rows are sent.");
    }
}
