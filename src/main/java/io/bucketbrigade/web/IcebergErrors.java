package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;
import org.jspecify.annotations.Nullable;

/** Answers with a problem as Iceberg's REST protocol has it, which is not application/problem+json. */
public final class IcebergErrors implements Processor {
    /** The media type. */
    static final String MEDIA_TYPE = "application/json";

    private static final String ROOT = "/iceberg/";

    /** Whether a call is one of that protocol. */
    static boolean isMeant(@Nullable String path) {
        return path != null && path.startsWith(ROOT);
    }

    /** Turns the exception of an exchange into its answer. */
    @Override
    public void process(Exchange exchange) {
        Throwable caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        Throwable thrown = caught == null ? new IllegalStateException("no exception") : caught;
        Message answer = exchange.getMessage();
        ErrorResponse missing = missing(thrown).orElse(null);
        if (missing == null) {
            ProblemJson.answer(answer, thrown);
            answer.setBody(write(Problems.of(thrown)));
        } else {
            answer.removeHeaders("*");
            answer.setHeader(Exchange.HTTP_RESPONSE_CODE, Kind.MISSING.status());
            answer.setBody(ErrorResponseParser.toJson(missing));
        }
        answer.setHeader(Exchange.CONTENT_TYPE, MEDIA_TYPE);
    }

    private static Optional<ErrorResponse> missing(Throwable thrown) {
        return Problems.find(thrown, NoSuchTableException.class)
                .<RuntimeException>map(found -> found)
                .or(() -> Problems.find(thrown, NoSuchNamespaceException.class))
                .map(found -> error(
                        Kind.MISSING.status(), found.getClass().getSimpleName(), String.valueOf(found.getMessage())));
    }

    /** The problem as JSON. */
    static String write(Problem problem) {
        String type =
                switch (problem.kind()) {
                    case FORBIDDEN -> "ForbiddenException";
                    case MISSING -> "NotFoundException";
                    case METHOD -> "UnsupportedOperationException";
                    case TOO_MANY -> "TooManyRequestsException";
                    case TRANSIENT -> "ServiceUnavailableException";
                    case PIPELINE, INTERNAL -> "InternalServerError";
                    default -> "BadRequestException";
                };
        String words = problem.kind() == Kind.METHOD
                ? problem.sentence() + " This catalog is read-only: only runs of pipelines change its tables."
                : problem.sentence();
        return ErrorResponseParser.toJson(error(problem.kind().status(), type, words));
    }

    private static ErrorResponse error(int status, String type, String words) {
        return ErrorResponse.builder()
                .responseCode(status)
                .withType(type)
                .withMessage(words)
                .build();
    }
}
