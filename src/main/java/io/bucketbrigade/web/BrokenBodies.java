package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bodies that do not arrive as HTTP says. That is the caller's mistake, and nothing that somebody who runs the service need see. */
final class BrokenBodies {
    private BrokenBodies() {}

    /**
     * Answers a call whose body comes in chunks as soon as something is not a chunk. Vert.x closes the connection then, and what was not written
     * before is lost.
     *
     * @param refuse says a problem to the caller
     */
    static void answerMalformed(RoutingContext context, Consumer<Problem> refuse) {
        HttpConnection connection = context.request().connection();
        connection.exceptionHandler(failure -> {
            if (isMalformed(failure)) {
                refuse.accept(malformed());
                ((ConnectionBase) connection).flush();
            }
        });
    }

    /** Netty says with a NumberFormatException that a chunk has no length. */
    private static boolean isMalformed(@Nullable Throwable failure) {
        return failure instanceof NumberFormatException || failure instanceof DecoderException;
    }

    /** Whether the connection has ended before a request was whole, so that nobody waits for an answer. */
    static boolean isOfTheCaller(@Nullable Throwable failure) {
        return failure instanceof HttpClosedException
                || failure instanceof StreamResetException
                || failure instanceof IOException;
    }

    private static Problem malformed() {
        return new Problem(
                Kind.USAGE,
                "The body can't be read: it is said to come in chunks (Transfer-Encoding: chunked), and something else came. Correct the program"
                        + " that sends it.");
    }
}
