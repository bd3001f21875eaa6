package io.bucketbrigade.sending;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;

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
     * What was sent to the log that the service has now. Of a file that was sent as a whole, it is what is kept, if the service can't be asked at
     * once.
     *
     * @param service is asked what its log is known by
     * @throws Problem if the service refuses
     */
    SendState before(StreamClient service) throws IOException {
        SendState before = SendState.read(stateFile);
        String now;
        try {
            now = before.isDone() ? service.logAtOnce() : service.log();
        } catch (Problem away) {
            if (before.isDone() && away.kind() == Kind.TRANSIENT) {
                say.accept("Whether the service at " + address + " still has the database to which " + file
                        + " was sent can't be asked at the moment: " + away.sentence());
                return before;
            }
            throw away;
        }
        if (before.rows() == 0) {
            return before.isDone() ? before : before.begunAgain(now);
        }
        if (before.isOfAnother(now)) {
            return beginAgain(before, now);
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
     * @param before how far it was sent to the log before
     * @param log the one that the service has now
     * @return from where it is sent to that
     * @throws Problem if the log was another one before in this call
     */
    SendState beginAgain(SendState before, String log) {
        long rows = before.rows();
        if (hasBegunAgain) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The database at " + address + " has changed more than once while " + file
                            + " was sent, so perhaps several services with databases of their own answer there, and each has some of the rows."
                            + " Let them use one database, or send to one of them; then send the file again.");
        }
        hasBegunAgain = true;
        if (rows > 0) {
            say.accept("The service at " + address + " has another database than the one to which "
                    + Counted.of(rows, "row") + " of " + file + " were sent, so all rows are sent.");
        }
        return before.begunAgain(log);
    }
}
