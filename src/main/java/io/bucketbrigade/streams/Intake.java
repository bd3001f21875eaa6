package io.bucketbrigade.streams;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Rows as they are sent: a JSON object, an array of objects, or one object per line. */
final class Intake {
    private static final int ROWS_AT_ONCE = 1000;
    private static final int UNDERWAY = 4;
    private static final int MOST_REJECTIONS = 1000;
    private static final long PATIENCE_SECONDS = 60;

    private final RowFormat format;
    private final GroupCommit log;

    Intake(RowFormat format, GroupCommit log) {
        this.format = format;
        this.log = log;
    }

    /**
     * What became of the rows.
     *
     * @param accepted how many were stored
     * @param duplicate how many had been stored before, under the same idempotency key
     * @param rejected how many can't be used
     * @param rejections why; the first thousand
     * @param log what the log is known by that has the rows, or will have them
     */
    record Answer(
            long accepted,
            long duplicate,
            long rejected,
            List<Rejection> rejections,
            @JsonIgnore String log) {
        Answer {
            rejections = List.copyOf(rejections);
        }
    }

    /**
     * Why a row can't be used.
     *
     * @param index its number in what was sent, from 0
     * @param field the column that it is about; null if the whole row is
     * @param reason in words
     */
    record Rejection(long index, @Nullable String field, String reason) {}

    /**
     * Stores rows that were sent as one JSON text.
     *
     * @return completed when they are on the disk; fails if they can't be stored, or whether they are is not known
     * @throws Problem if it is neither an object nor an array, or nothing can be stored just now
     */
    CompletableFuture<Answer> takeJson(Repeatable name, byte[] body) throws IOException {
        JsonNode sent;
        try {
            sent = RowFormat.json(body);
        } catch (JacksonException notJson) {
            throw new Problem(
                    Kind.USAGE,
                    "The body " + RowFormat.fault(notJson, body, "is not valid JSON") + place(notJson.getLocation())
                            + ". Nothing was stored. Send an object, an array of objects, or, as application/x-ndjson, an object per line.",
                    notJson);
        }
        if (!sent.isObject() && !sent.isArray()) {
            throw new Problem(Kind.USAGE, "The body is neither a JSON object nor an array of objects.");
        }
        Rows rows = new Rows(name.log());
        if (sent.isObject()) {
            format.read(name.first(), sent, rows);
        } else {
            for (int at = 0; at < sent.size(); at++) {
                format.read(name.first() + at, sent.get(at), rows);
            }
        }
        List<Rejection> rejections = rejections(name, rows, MOST_REJECTIONS);
        int rejected = rows.rejected().size();
        return log.append(rows.size() == 0 ? null : name.key(), rows)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .handle((stored, failed) -> {
                    if (failed != null) {
                        throw failure(failed);
                    }
                    return new Answer(stored.accepted(), stored.duplicate(), rejected, rejections, stored.log());
                });
    }

    private static List<Rejection> rejections(Repeatable name, Rows rows, int most) {
        return rows.rejected().stream()
                .limit(most)
                .map(row -> new Rejection(row.number() - name.first(), row.field(), row.reason()))
                .toList();
    }

    /** What failed in the thread that writes. */
    private static CompletionException failure(Throwable failed) {
        Throwable cause =
                failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        return new CompletionException(cause instanceof TimeoutException ? notInTime(cause) : cause);
    }

    private static Problem notInTime(Throwable cause) {
        return new Problem(
                Kind.TRANSIENT,
                "The rows were not stored within " + PATIENCE_SECONDS
                        + " s. Whether they will be is not known; send them again with the same Idempotency-Key.",
                cause);
    }

    /**
     * Stores rows that are sent with one JSON object per line, while they arrive.
     *
     * @throws Problem if nothing more can be stored just now; says how many rows were
     */
    Answer takeLines(Repeatable name, InputStream body) throws IOException {
        Underway underway = new Underway(name);
        try {
            Lines lines = new Lines(body);
            Rows rows = new Rows(name.log());
            for (long number = name.first(); lines.next(); number++) {
                if (lines.reason() == null) {
                    read(number, lines.bytes(), rows);
                } else {
                    rows.add(new RejectedRow(number, null, lines.reason(), lines.shown()));
                }
                if (rows.size() == ROWS_AT_ONCE) {
                    underway.send(rows);
                    rows = new Rows(name.log());
                }
            }
            underway.send(rows);
            return underway.end();
        } catch (IOException | RuntimeException e) {
            Problem problem = Problems.of(e);
            underway.awaitAll(e);
            throw new Problem(problem.kind(), problem.sentence() + underway.before(), e);
        }
    }

    /**
     * Stores a single row that was rejected before.
     *
     * @param name the key and number by which the row is known
     * @return why it still can't be used; null if it is stored
     * @throws Problem if it is not a JSON object, or nothing can be stored just now
     */
    @Nullable
    String takeAgain(Repeatable name, String row) {
        Rows rows = new Rows();
        read(name.first(), row.getBytes(StandardCharsets.UTF_8), rows);
        if (!rows.rejected().isEmpty()) {
            return rows.rejected().get(0).reason();
        }
        Underway underway = new Underway(name);
        underway.send(rows);
        underway.end();
        return null;
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private void read(long number, byte[] line, Rows into) {
        try {
            format.read(number, RowFormat.json(line), into);
        } catch (IOException notJson) {
            into.add(new RejectedRow(
                    number,
                    null,
                    "The line " + RowFormat.fault(notJson, line, "is not a JSON object") + ".",
                    Lines.shown(line)));
        }
    }

    /** What was handed to the log, and became of it. */
    private final class Underway {
        private final Repeatable name;
        private final Deque<CompletableFuture<Receipt>> waiting = new ArrayDeque<>();
        private final List<Rejection> rejections = new ArrayList<>();
        private Receipt stored = Receipt.NOTHING;
        private long rejected;
        private boolean isBegun;

        Underway(Repeatable name) {
            this.name = name;
        }

        /** The log is asked also if there are no rows at all, because the answer names it. */
        void send(Rows rows) {
            if (rows.size() == 0 && isBegun) {
                return;
            }
            isBegun = true;
            if (waiting.size() == UNDERWAY) {
                await(waiting.remove());
            }
            waiting.add(log.append(rows.size() == 0 ? null : name.key(), rows));
            rejected += rows.rejected().size();
            rejections.addAll(rejections(name, rows, MOST_REJECTIONS - rejections.size()));
        }

        Answer end() {
            while (!waiting.isEmpty()) {
                await(waiting.remove());
            }
            return new Answer(stored.accepted(), stored.duplicate(), rejected, rejections, stored.log());
        }

        /** Of rows that follow one that failed, some may be stored all the same. */
        void awaitAll(Exception failed) {
            while (!waiting.isEmpty()) {
                try {
                    await(waiting.remove());
                } catch (RuntimeException alsoFailed) {
                    failed.addSuppressed(alsoFailed);
                }
            }
        }

        String before() {
            long done = stored.accepted() + stored.duplicate();
            return done == 0
                    ? ""
                    : " " + done
                            + " rows of this request were stored. Send it again with the same Idempotency-Key, if it had one;"
                            + " these rows are not stored twice then.";
        }

        private void await(CompletableFuture<Receipt> done) {
            try {
                stored = stored.plus(done.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                throw failure(e.getCause() == null ? e : e.getCause());
            } catch (TimeoutException e) {
                throw notInTime(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(Kind.TRANSIENT, "The service is stopping. Send the rows again when it is back.", e);
            }
        }
    }
}
