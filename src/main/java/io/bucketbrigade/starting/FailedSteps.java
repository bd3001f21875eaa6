package io.bucketbrigade.starting;

import io.bucketbrigade.database.SqlFile;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Says where a failure comes from that has no words for people: from a line of the SQL that a step runs, or else from the step of the route. It
 * does so as soon as the step fails, so ledger, notification, answer and log say the same. The program's own shared routes are left alone, because
 * only its developers can correct them.
 */
final class FailedSteps implements InterceptStrategy {
    private static final String FILE = "file:";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.(\\w+)");
    private static final int LONGEST_LABEL = 60;

    private final String shared;

    /** @param shared the folder of the program's own shared routes */
    FailedSteps(Path shared) {
        this.shared = FILE + shared;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        String location = String.valueOf(step.getLocation());
        if (!location.startsWith(FILE) || location.startsWith(shared)) {
            return target;
        }
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    Exception failure = exchange.getException();
                    if (failure != null && Problems.find(failure, Problem.class).isEmpty()) {
                        exchange.setException(explained(step, target, exchange, failure));
                    }
                    callback.done(doneSync);
                });
            }
        };
    }

    private static Exception explained(NamedNode step, Processor target, Exchange exchange, Exception failure) {
        Optional<SQLException> refusal =
                Problems.find(failure, SQLException.class).filter(thrown -> !Problems.isDatabaseAway(thrown));
        if (refusal.isEmpty() && Problems.of(failure).kind() != Kind.INTERNAL) {
            return failure;
        }
        if (refusal.isPresent()) {
            return sqlFile(target)
                    .map(file -> file.problem(refusal.get()))
                    .orElseGet(() -> problem(step, Kind.PIPELINE, ": " + SqlFile.words(refusal.get()), failure));
        }
        List<String> missing = VARIABLE.matcher(step.getLabel())
                .results()
                .map(found -> found.group(1))
                .filter(name -> exchange.getVariable(name) == null)
                .distinct()
                .toList();
        if (missing.isEmpty()) {
            String cause = " (" + Problems.rootCause(failure)
                    + "). If the step is right, this is a fault in Bucket Brigade: please report it with the log.";
            return problem(step, Kind.INTERNAL, cause, failure);
        }
        String there = String.join(", ", exchange.getVariables().keySet());
        String cause = ", and there is no variable " + String.join(" or ", missing) + ". There are: " + there + ".";
        return problem(step, Kind.PIPELINE, cause, failure);
    }

    private static Optional<SqlFile> sqlFile(Processor target) {
        if (!(target instanceof EndpointAware aware)
                || !(aware.getEndpoint() instanceof SqlEndpoint endpoint)
                || !endpoint.getQuery().startsWith(FILE)) {
            return Optional.empty();
        }
        Path file = FilePaths.of(endpoint.getQuery().substring(FILE.length()));
        try {
            return Optional.of(new SqlFile(file, Files.readString(file)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Problem problem(NamedNode step, Kind kind, String cause, Exception failure) {
        String file =
                FilePaths.shown(FilePaths.of(String.valueOf(step.getLocation()).substring(FILE.length())));
        int line = step.getLineNumber();
        String label = step.getLabel().length() <= LONGEST_LABEL
                ? step.getLabel()
                : step.getLabel().substring(0, LONGEST_LABEL) + "…";
        String sentence = file + ", line " + line + ": the step " + label + " of the route "
                + ProcessorDefinitionHelper.getRouteId(step) + " failed" + cause;
        return new Problem(kind, sentence, file, line, null, failure);
    }
}
