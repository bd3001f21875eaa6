package io.bucketbrigade.tracing;

import io.bucketbrigade.problems.Problems;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** Why the JDK's HTTP client did not get an answer, in words; its exceptions mostly have none. */
public final class Unreachable {
    private Unreachable() {}

    /** The reason, without a full stop. */
    public static String words(Throwable thrown) {
        if (Problems.find(thrown, UnresolvedAddressException.class).isPresent()) {
            return "its host is unknown";
        }
        if (Problems.find(thrown, HttpConnectTimeoutException.class).isPresent()) {
            return "it can't be reached";
        }
        if (Problems.find(thrown, HttpTimeoutException.class).isPresent()) {
            return "it did not answer in time";
        }
        return Problems.find(thrown, ConnectException.class).isPresent()
                ? "the connection was refused"
                : Problems.rootCause(thrown);
    }
}
