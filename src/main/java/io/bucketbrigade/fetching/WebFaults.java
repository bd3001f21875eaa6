package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.CircularRedirectException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Puts into words why a request failed. */
final class WebFaults {
    private WebFaults() {}

    /**
     * What to throw.
     *
     * @param isLate whether it was ended because no answer began in time
     */
    static RuntimeException explain(
            IOException failed, String host, boolean isLate, Progress progress, FetchLimits limits) {
        if (progress.isEnded()) {
            return new Problem(Kind.TRANSIENT, "it was stopped; the next time it goes on from there.", failed);
        }
        if (isLate || failed instanceof SocketTimeoutException) {
            return new TryAgain(silence(failed, host, limits), null, failed);
        }
        if (failed instanceof UnknownHostException) {
            return new TryAgain("the name " + host + " can't be resolved", null, failed);
        }
        if (failed instanceof ConnectException) {
            return new TryAgain(host + " can't be reached", null, failed);
        }
        if (failed instanceof NoHttpResponseException) {
            return new TryAgain(host + " closed the connection without an answer", null, failed);
        }
        if (failed instanceof SSLException) {
            return isUntrusted(failed)
                    ? new Problem(
                            Kind.FORBIDDEN,
                            "the certificate of " + host
                                    + " can't be trusted. Correct the address, or let the JVM trust it.",
                            failed)
                    : new TryAgain("no safe connection to " + host + " can be made", null, failed);
        }
        if (failed instanceof ClientProtocolException) {
            return refused(failed, host);
        }
        return new TryAgain(broken(progress), null, failed);
    }

    private static boolean isUntrusted(IOException failed) {
        return Problems.find(failed, java.security.cert.CertificateException.class)
                        .isPresent()
                || Problems.find(failed, javax.net.ssl.SSLPeerUnverifiedException.class)
                        .isPresent();
    }

    private static RuntimeException refused(IOException failed, String host) {
        if (Problems.find(failed, CircularRedirectException.class).isPresent()) {
            return new Problem(Kind.INPUT, host + " redirects in a loop. Correct the address.", failed);
        }
        if (Problems.find(failed, RedirectException.class).isPresent()) {
            return new Problem(Kind.INPUT, host + " redirects too often. Correct the address.", failed);
        }
        return new Problem(
                Kind.INPUT, "the answer of " + host + " can't be understood as HTTP. Correct the address.", failed);
    }

    private static String silence(IOException failed, String host, FetchLimits limits) {
        return failed instanceof ConnectTimeoutException
                ? host + " can't be reached"
                : host + " sends nothing for " + limits.stall().toMillis() / 1000.0 + " s";
    }

    /** That a connection broke. */
    static String broken(Progress progress) {
        return "the connection broke after " + Counted.of(progress.bytes(), "byte")
                + (progress.total() < 0 ? "" : " of " + Counted.number(progress.total()));
    }
}
