package io.bucketbrigade.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with a problem as application/problem+json (RFC 9457). */
public final class ProblemJson implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemJson.class);

    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Says why rows were not stored, and so must be in the answer too; one that came with the request is not. */
    private static final String STREAM_LOG = "Stream-Log";

    /** How long a client should wait before it tries again. */
    static final int RETRY_AFTER_SECONDS = 5;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Turns the exception of an exchange into its answer. */
    @Override
    public void process(Exchange exchange) {
        Throwable thrown = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        answer(exchange.getMessage(), thrown == null ? new IllegalStateException("no exception") : thrown);
    }

    /** Makes an answer say what went wrong. */
    static void answer(Message answer, Throwable thrown) {
        Problem problem = Problems.of(thrown);
        if (problem.kind() == Kind.PIPELINE) {
            LOG.error("A request failed: {}", problem.sentence());
        } else if (problem.kind() == Kind.INTERNAL) {
            LOG.error("A request failed", thrown);
        }
        answer.removeHeaders("*", STREAM_LOG);
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.kind().status());
        answer.setHeader(Exchange.CONTENT_TYPE, MEDIA_TYPE);
        if (isWorthRetrying(problem)) {
            answer.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        answer.setBody(write(problem));
    }

    /** Whether a client may try again, {@link #RETRY_AFTER_SECONDS} later. */
    static boolean isWorthRetrying(Problem problem) {
        return problem.kind() == Kind.TRANSIENT || problem.kind() == Kind.TOO_MANY;
    }

    /** The problem as JSON. */
    static String write(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "about:blank");
        json.put("title", problem.kind().title());
        json.put("status", problem.kind().status());
        json.put("detail", problem.sentence());
        if (problem.file() != null) {
            json.put("file", problem.file());
        }
        if (problem.line() > 0) {
            json.put("line", problem.line());
        }
        if (problem.column() != null) {
            json.put("column", problem.column());
        }
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
