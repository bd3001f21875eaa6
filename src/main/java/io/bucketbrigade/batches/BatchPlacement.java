package io.bucketbrigade.batches;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.batches.Batch.StagedFile;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Staging;
import io.bucketbrigade.storage.Staging.Whereabouts;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts batches in place, and clears away what is left of others. Nothing here depends on who began it: a batch that a process was killed
 * over is put in place by the next process that checks, from where it stopped.
 */
public final class BatchPlacement {
    private static final Logger LOG = LoggerFactory.getLogger(BatchPlacement.class);
    private static final Duration REFUSED_AGAIN_AFTER = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BatchRecords records;
    private final Locations locations;
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();
    /** When S3 last refused to remove a staged file, by its number. */
    private final Map<Long, Long> refused = new ConcurrentHashMap<>();

    BatchPlacement(BatchRecords records, Locations locations) {
        this.records = records;
        this.locations = locations;
    }

    /**
     * Puts a batch in place, if nobody else does.
     *
     * @return false if another process is at it, or at another batch for the same location
     * @throws Problem if the batch can't be committed
     * @throws IOException if a file can't be put in place; it is tried again later
     * @throws SQLException if the database can't answer
     */
    boolean commit(Batch batch) throws IOException, SQLException {
        if (!records.commit(batch.id())) {
            return false;
        }
        atWork.add(batch.id());
        try {
            place(batch);
            return true;
        } catch (IOException | SQLException | RuntimeException e) {
            release(batch, e);
            throw e;
        } finally {
            atWork.remove(batch.id());
        }
    }

    /** The next process that checks may go on at once. Where that can't be recorded, the lease ends by itself. */
    private void release(Batch batch, Exception because) {
        try {
            records.release(batch.id(), Problems.of(because).sentence());
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private void place(Batch batch) throws IOException, SQLException {
        Staging staging = locations.of(batch.location()).staging();
        List<Map<String, Object>> placed = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<StagedFile> files = records.wholeFiles(batch.id());
        // Before the first one is put in place, since a batch that is missing one must not be put in place in part.
        for (StagedFile staged : files) {
            if (staging.find(staged.file(), staged.ticket()) == Whereabouts.GONE) {
                lost(batch, staged.file(), partlyInPlace(batch));
                return;
            }
        }
        for (StagedFile staged : files) {
            Optional<Identity> now = staging.publish(staged.file(), staged.ticket());
            if (now.isEmpty()) {
                lost(batch, staged.file(), names);
                return;
            }
            placed.add(now.get().described());
            names.add(staged.file());
        }
        records.committed(batch.id(), json(placed));
        LOG.info("{}: {} are in place in {}", batch.pipeline(), String.join(" and ", names), batch.location());
    }

    /**
     * Those of a batch's files that are in place though the batch as a whole isn't.
     *
     * @throws IOException if the location can't be read
     * @throws SQLException if the database can't answer
     */
    List<String> partlyInPlace(Batch batch) throws IOException, SQLException {
        Staging staging = locations.of(batch.location()).staging();
        List<String> inPlace = new ArrayList<>();
        for (StagedFile staged : records.wholeFiles(batch.id())) {
            if (staging.find(staged.file(), staged.ticket()) == Whereabouts.IN_PLACE) {
                inPlace.add(staged.file());
            }
        }
        return inPlace;
    }

    private void lost(Batch batch, String file, List<String> placed) throws SQLException {
        String error = "The upload of " + file + " was removed or changed in " + batch.location()
                + " before it could be put in place"
                + (placed.isEmpty() ? "" : "; already in place: " + String.join(" and ", placed))
                + ". Send all files again.";
        if (records.failed(batch.id(), error)) {
            LOG.error("{}: {}", batch.pipeline(), error);
        }
    }

    private static String json(List<Map<String, Object>> placed) {
        try {
            return JSON.writeValueAsString(placed);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Goes on with batches that were left in the middle, drops those that have expired, and removes the bytes that nobody
     * needs. Called by the
     * route uploads-tidy.
     *
     * @throws Exception the first thing that could not be done; the rest was tried
     */
    void tidy() throws Exception {
        int expired = records.dropExpired();
        if (expired > 0) {
            LOG.info("Dropped {} of uploaded files, not committed in time", Counted.of(expired, "batch", "batches"));
        }
        @Nullable Exception first = null;
        for (Batch batch : records.abandoned()) {
            first = tried(first, () -> commit(batch));
        }
        for (StagedFile unwanted : records.unwantedFiles()) {
            first = tried(first, () -> discard(unwanted));
        }
        records.forgetOld();
        if (first != null) {
            throw first;
        }
    }

    /** Removes now what nobody needs of a batch. What can't be removed now is left to the next tidying. */
    void clear(Batch batch) throws SQLException {
        for (StagedFile unwanted : records.unwantedFiles()) {
            if (unwanted.of().id().equals(batch.id())) {
                Exception failed = tried(null, () -> discard(unwanted));
                if (failed != null) {
                    LOG.warn("The upload of {} will be removed later: {}", unwanted.file(), failed.getMessage());
                }
            }
        }
    }

    private interface Attempt {
        void run() throws IOException, SQLException;
    }

    private static @Nullable Exception tried(@Nullable Exception before, Attempt attempt) {
        try {
            attempt.run();
            return before;
        } catch (IOException | SQLException | RuntimeException e) {
            return before == null ? e : before;
        }
    }

    /**
     * Removes what is kept of a file. What may not be removed is tried again for a day.
     *
     * @throws IOException if that can't be done now
     * @throws SQLException if the database can't answer
     */
    void discard(StagedFile file) throws IOException, SQLException {
        Long refusedAt = refused.get(file.id());
        if (refusedAt != null && System.nanoTime() - refusedAt < REFUSED_AGAIN_AFTER.toNanos()) {
            return;
        }
        try {
            locations.of(file.of().location()).staging().discard(file.file(), file.ticket());
        } catch (Problem problem) {
            boolean isBucketGone = problem.kind() == Kind.MISSING;
            if (!isBucketGone && problem.kind() != Kind.FORBIDDEN) {
                throw problem;
            }
            if (!isBucketGone && !file.of().endedLongAgo()) {
                if (refused.put(file.id(), System.nanoTime()) == null) {
                    LOG.warn("The upload of {} can't be removed yet: {}", file.file(), problem.sentence());
                }
                return;
            }
            LOG.warn(
                    "The upload of {} was not removed ({}); a lifecycle rule of the bucket can do that.",
                    file.file(),
                    problem.sentence());
        }
        refused.remove(file.id());
        records.forgetFile(file.id());
    }

    /**
     * This process is still at its batches. Called by the route runs-heartbeat.
     *
     * @throws SQLException if the database can't answer
     */
    void renew() throws SQLException {
        List<String> ids = List.copyOf(atWork);
        if (!ids.isEmpty()) {
            records.renew(ids);
        }
    }
}
