package io.bucketbrigade.lambda;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Fingerprint;
import io.bucketbrigade.runs.RejectedFile;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.TooManyRejected;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the result fit the inputs, whoever else tries the same at this moment: several calls may run at once, in any order, and each may be killed
 * anywhere.
 *
 * <p>A call checks at inputs and result, and if they don't fit, it makes the result and puts it in the place of the one that it saw. Then it looks
 * again, until there is nothing to do: what it put may be of inputs that had changed, and changed back, while it was at work, and whoever was called for
 * that change may have seen a fitting result and gone. The record of a failure and the rejected rows are kept fitting in the same way.
 */
final class Reconciliation {
    /** Where a call ends. */
    enum Outcome {
        /** The result is that of the inputs. */
        CURRENT,
        /** An input is missing. */
        WAITING,
        /** The inputs can't be used, which is recorded. */
        BROKEN
    }

    /** Makes the files of the result and sets the row counts of the work. */
    @FunctionalInterface
    interface Making {
        /**
         * Makes them where nobody sees them yet.
         *
         * @throws Exception whatever makes it fail
         */
        List<Prepared> make(Work work) throws Exception;
    }

    /** Hears of inputs that can't be used. */
    interface Listener {
        /** Each failure is recorded once, also where several calls find it. */
        void recorded();

        /** Whether anybody is to be notified. */
        boolean notifies();

        /** Called once for each failure, or again if it throws or the call is killed. */
        void notifyOf(String sentence);
    }

    /**
     * What a function works on.
     *
     * @param name the pipeline
     * @param inputs the names of the inputs
     * @param raw where they are
     * @param results where the files go
     * @param result the name of the result
     * @param failure the name of the record of a failure
     * @param shaping the settings that shape the result
     */
    record Subject(
            String name,
            List<String> inputs,
            Location raw,
            Location results,
            String result,
            String failure,
            String shaping) {}

    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
    private static final int MOST_CHECKS = 12;
    private static final String MARK = "lambda";

    private final Subject subject;
    private final Making making;
    private final Listener listener;

    Reconciliation(Subject subject, Making making, Listener listener) {
        this.subject = subject;
        this.making = making;
        this.listener = listener;
    }

    /**
     * Brings the result up to date.
     *
     * @throws TransientFault if that can't be done now
     */
    Outcome run() {
        try {
            for (int check = 1; check <= MOST_CHECKS; check++) {
                List<Identity> inputs = subject.raw().list(subject.inputs());
                if (inputs.size() < subject.inputs().size()) {
                    LOG.info(
                            "{}: waiting for {} in {}",
                            subject.name(),
                            missing(inputs),
                            subject.raw().name());
                    return Outcome.WAITING;
                }
                ResultState state = state(inputs);
                if (state.isCurrent()) {
                    if (state.failure().isEmpty()) {
                        return Outcome.CURRENT;
                    }
                    subject.results().delete(subject.failure());
                } else if (state.isKnownToFail()) {
                    if (state.isNotified() || !listener.notifies()) {
                        return Outcome.BROKEN;
                    }
                    notifyOf(state);
                } else {
                    bringUpToDate(state);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw TransientFault.of(e);
        }
        throw new TransientFault("The files in " + subject.raw().name()
                + " changed each time they were read. They are read again when Lambda calls again.");
    }

    private String missing(List<Identity> inputs) {
        List<String> there = inputs.stream().map(Identity::name).toList();
        return subject.inputs().stream().filter(name -> !there.contains(name)).collect(Collectors.joining(" and "));
    }

    private ResultState state(List<Identity> inputs) throws IOException {
        Location results = subject.results();
        return new ResultState(
                inputs,
                Fingerprint.of(inputs, subject.shaping()),
                results.version(subject.result()),
                results.version(RejectedFile.NAME),
                results.version(subject.failure()));
    }

    private void bringUpToDate(ResultState state) throws IOException {
        long start = System.nanoTime();
        Problem broken;
        List<Rejected> rejected;
        try (Inputs inputs = open(state);
                Work work = Work.unrecorded(subject.name(), inputs)) {
            List<Prepared> files = making.make(work);
            try {
                if (inputs.changed().isEmpty() && replace(files, state, work.rowCounts())) {
                    LOG.info("{}", summary(work.rowCounts(), (System.nanoTime() - start) / 1e9));
                }
            } finally {
                files.forEach(Prepared::discard);
            }
            return;
        } catch (Exception e) {
            if (!subject.raw().list(subject.inputs()).equals(state.inputs())) {
                LOG.debug("Changed while being read: {}", e.getMessage());
                return;
            }
            broken = Problems.of(e);
            if (broken.kind() != Kind.INPUT) {
                LOG.debug("Transient", e);
                throw new TransientFault(broken.sentence());
            }
            rejected = Problems.find(e, TooManyRejected.class)
                    .map(tooMany -> tooMany.rowCounts().rejected())
                    .orElse(List.of());
        }
        record(state, broken, rejected);
    }

    private Inputs open(ResultState state) throws IOException {
        Inputs inputs = new Inputs();
        for (Identity input : state.inputs()) {
            inputs.with(input.name(), subject.raw().open(input));
        }
        return inputs;
    }

    /** The result last, because it says that all is there. */
    private static boolean replace(List<Prepared> files, ResultState state, RowCounts counted) throws IOException {
        Map<String, String> metadata = state.ofResult(!counted.rejected().isEmpty());
        return files.get(1).replace(state.rejected(), metadata) && files.get(0).replace(state.result(), metadata);
    }

    private void record(ResultState state, Problem broken, List<Rejected> rejected) throws IOException {
        Prepared failure = subject.results()
                .prepare(
                        subject.failure(),
                        MARK,
                        out -> FailureRecord.write(subject.name(), state.inputs(), broken, rejected, out));
        try {
            if (failure.replace(state.failure(), state.ofFailure(false))) {
                LOG.error(
                        "{}: {} The result stays as it was; {} says more.",
                        subject.name(),
                        broken.sentence(),
                        failure.path());
                listener.recorded();
            }
        } finally {
            failure.discard();
        }
    }

    /** Two calls may notify of the same failure, but none is forgotten: it is noted only afterwards. */
    private void notifyOf(ResultState state) throws IOException {
        byte[] failure = FailureRecord.read(subject.results(), subject.failure());
        listener.notifyOf(FailureRecord.message(failure));
        Prepared same = subject.results().prepare(subject.failure(), MARK, out -> out.write(failure));
        try {
            same.replace(state.failure(), state.ofFailure(true));
        } finally {
            same.discard();
        }
    }

    private String summary(RowCounts counted, double seconds) {
        return String.format(
                Locale.ROOT,
                "%s: %s read, %s, %.2f seconds: %s/%s",
                subject.name(),
                Counted.of(counted.rowsRead(), "row"),
                Counted.of(counted.rowsRejected(), "rejected row"),
                seconds,
                subject.results().name(),
                subject.result());
    }
}
