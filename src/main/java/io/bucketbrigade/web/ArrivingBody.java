package io.bucketbrigade.web;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that is read while it arrives. The sender is held back as soon as so many pieces wait to be read, so memory is the
 * same for any length. Vert.x gives the pieces in its own thread; another one reads.
 */
final class ArrivingBody extends InputStream {
    private static final int WAITING_PIECES = 64;
    private static final long SILENCE_SECONDS = 60;
    /** A sender who is slower than this on the whole keeps others from sending. */
    private static final long LEAST_BYTES_PER_SECOND = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ArrivingBody.class);

    /** What comes after the last piece. */
    private static final Object END = new Object();

    private final ReadStream<Buffer> source;
    private final long most;
    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private volatile boolean discarding;
    private volatile boolean over;
    private byte[] piece = {};
    private int at;
    private final long begun = System.nanoTime();
    private long count;
    private boolean ended;

    /**
     * To be made in the thread that got the request.
     *
     * @param most bytes; reading more fails
     */
    ArrivingBody(ReadStream<Buffer> source, long most) {
        this(source, most, Future.succeededFuture());
    }

    /**
     * A part of something larger, which may turn out wrong behind it.
     *
     * @param whole ends when that is whole; if it fails, so does reading the end of this part
     */
    ArrivingBody(ReadStream<Buffer> source, long most, Future<Void> whole) {
        this.source = source;
        this.most = most;
        source.pause();
        source.handler(buffer -> {
            if (!discarding) {
                arrived.add(buffer.getBytes());
            }
        });
        source.endHandler(end -> {
            over = true;
            whole.onSuccess(done -> over(END)).onFailure(this::over);
        });
        source.exceptionHandler(this::over);
        source.fetch(WAITING_PIECES);
    }

    private void over(Object how) {
        over = true;
        arrived.add(how);
    }

    /** Who has sent everything is asked for no more; Vert.x would take that for a mistake. */
    private void ask(Runnable request) {
        if (over) {
            return;
        }
        try {
            request.run();
        } catch (IllegalStateException e) {
            LOG.trace("Everything came meanwhile", e);
        }
    }

    /** What is said when more arrives than may. */
    static Problem tooLarge(long most) {
        return new Problem(
                Kind.TOO_LARGE,
                "The file is larger than " + most
                        + " bytes, the most that is accepted here. Raise BRIGADE_UPLOAD_MAX, or put it"
                        + " into the raw folder or bucket yourself.");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == piece.length) {
            if (ended || !nextPiece()) {
                return -1;
            }
        }
        int taken = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, taken);
        at += taken;
        return taken;
    }

    private boolean nextPiece() throws IOException {
        Object next = take();
        if (next == END) {
            ended = true;
            return false;
        }
        if (next instanceof Problem wrong) {
            throw wrong;
        }
        if (next instanceof Throwable broken) {
            throw new IOException("the connection broke after " + Counted.of(count, "byte"), broken);
        }
        piece = (byte[]) next;
        at = 0;
        count += piece.length;
        if (count > most) {
            throw tooLarge(most);
        }
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        if (seconds > SILENCE_SECONDS && count / seconds < LEAST_BYTES_PER_SECOND) {
            throw new Problem(
                    Kind.TOO_SLOW,
                    "The body arrives too slowly: " + Counted.of(count, "byte") + " in " + seconds
                            + " s. Send it again.");
        }
        ask(() -> source.fetch(1));
        return true;
    }

    private Object take() throws IOException {
        try {
            Object next = arrived.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new Problem(
                        Kind.TOO_SLOW,
                        "The body is not whole: nothing arrived for " + SILENCE_SECONDS + " s after "
                                + Counted.of(count, "byte") + ". Send it again.");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Lets the rest go by: many senders look at the answer only when they have sent everything. */
    @Override
    public void close() {
        discarding = true;
        arrived.clear();
        ask(source::resume);
    }
}
