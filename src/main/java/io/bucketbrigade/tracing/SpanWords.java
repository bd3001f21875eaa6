package io.bucketbrigade.tracing;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a span says of a failure: the sentence that people get, or else the class of the exception alone. What exceptions say of themselves may hold
 * values of rows and keys, and so may the user and the query of a URL.
 */
final class SpanWords {
    private static final Pattern USER = Pattern.compile("(\\b[a-z][a-z0-9+]*://)[^\\s/@]+@");
    private static final Pattern QUERY = Pattern.compile("(\\bhttps?://[^\\s?]+)\\?\\S+");
    private static final int LONGEST = 1000;

    private SpanWords() {}

    static void failed(Span span, @Nullable Throwable thrown) {
        if (thrown != null) {
            Problem problem = Problems.of(thrown);
            failed(
                    span,
                    problem.kind() == Kind.INTERNAL ? root(thrown).getClass().getSimpleName() : problem.sentence());
        }
    }

    static void failed(Span span, String reason) {
        String words = QUERY.matcher(USER.matcher(reason).replaceAll("$1")).replaceAll("$1?…");
        span.setStatus(StatusCode.ERROR, words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…");
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }
}
