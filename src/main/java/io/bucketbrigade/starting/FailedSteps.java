package io.bucketbrigade.starting;

import io.bucketbrigade.database.SqlFile;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the place of a failure that has no words for people: a line of the SQL that a step runs, or else the step of the route. It does so as soon
 * as the step fails, so ledger, notification, answer and log have the same words. The program's own shared routes are left alone, because only its
 * developers can correct them; and so are its own pipelines where somebody changed a table of theirs, which can be put back.
 */
final class FailedSteps implements InterceptStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(FailedSteps.class);
    private static final String FILE = "file:";
    /** Not a variable of another scope, such as global:NAME. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.(\\w+)(?![\\w:])");

    private static final int LONGEST_LABEL = 60;

    private final Path own;

    /** @param own the folder of the program's own routes */
    FailedSteps(Path own) {
        this.own = own;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        String location = String.valueOf(step.getLocation());
        if (!location.startsWith(FILE)) {
            return target;
        }
        Path file = FilePaths.of(location.substring(FILE.length()));
        if (file.startsWith(own.resolve("shared"))) {
            return target;
        }
        boolean isOwn = file.startsWith(own);
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    Exception failure = exchange.getException();
                    try {
                        if (failure != null && !isExplained(failure, isOwn)) {
                            exchange.setException(explained(step, target, exchange, failure));
                        }
                    } catch (RuntimeException unexpected) {
                        failure.addSuppressed(unexpected);
                    } finally {
                        // Camel drops what is thrown here, and the exchange would never end.
                        callback.done(doneSync);
                    }
                });
            }
        };
    }

    private static boolean isExplained(Exception failure, boolean isOwn) {
        boolean isTableOfOurs = isOwn
                && Problems.find(failure, SQLException.class)
                        .filter(Problems::isTableChanged)
                        .isPresent();
        return isTableOfOurs || Problems.find(failure, Problem.class).isPresent();
    }

    private static Exception explained(NamedNode step, Processor target, Exchange exchange, Exception failure) {
        Optional<SQLException> refusal =
                Problems.find(failure, SQLException.class).filter(thrown -> !Problems.isDatabaseAway(thrown));
        if (refusal.isEmpty() && Problems.of(failure).kind() != Kind.INTERNAL) {
            return failure;
        }
        if (refusal.isPresent()) {
            return sqlFile(target)
                    .map(file -> file.problem(refusal.get(), failure))
                    .orElseGet(() -> problem(step, Kind.PIPELINE, ": " + SqlFile.words(refusal.get()), failure));
        }
        List<String> missing = VARIABLE.matcher(step.getLabel())
                .results()
                .map(found -> found.group(1))
                .filter(name -> !exchange.getVariables().containsKey(name))
                .distinct()
                .toList();
        String root = " (" + Problems.rootCause(failure) + ")";
        if (missing.isEmpty()) {
            String cause =
                    root + ". If the step is right, this is a fault in Bucket Brigade: please report it with the log.";
            return problem(step, Kind.INTERNAL, cause, failure);
        }
        LOG.debug("A step without one of its variables failed", failure);
        Set<String> there = new TreeSet<>(exchange.getVariables().keySet());
        // That something is null says no more than that the variable is missing.
        String cause = (root.startsWith(" (NullPointerException") ? "" : root) + ". It has no variable "
                + String.join(" or ", missing)
                + (there.isEmpty() ? "; no variables are set." : "; there are: " + String.join(", ", there) + ".");
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
            return Optional.of(new SqlFile(file, TextFile.read(file)));
        } catch (Problem gone) {
            return Optional.empty();
        }
    }

    /** Camel counts the line of a step's value from 0; that is the line of its key from 1 only if the value begins below the key. */
    private static int line(NamedNode step, Path file) {
        int line = step.getLineNumber();
        String key = step.getShortName() + ":";
        try {
            List<String> lines = TextFile.read(file).lines().toList();
            boolean isBelow = line > 0
                    && line < lines.size()
                    && !lines.get(line - 1).contains(key)
                    && lines.get(line).contains(key);
            return isBelow ? line + 1 : line;
        } catch (Problem gone) {
            return line;
        }
    }

    private static Problem problem(NamedNode step, Kind kind, String cause, Exception failure) {
        Path path = FilePaths.of(String.valueOf(step.getLocation()).substring(FILE.length()));
        String file = FilePaths.shown(path);
        int line = line(step, path);
        String label = step.getLabel().length() <= LONGEST_LABEL
                ? step.getLabel()
                : step.getLabel().substring(0, LONGEST_LABEL) + "…";
        String sentence = file + ", line " + line + ": the step " + label + " of the route "
                + ProcessorDefinitionHelper.getRouteId(step) + " failed" + cause;
        return new Problem(kind, sentence, file, line, null, failure);
    }
}
