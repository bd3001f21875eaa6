package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.lake.LakeSnapshot.Version;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about the tables of a lake, as they were last published. DuckDB is started by the first question. Of each snapshot, a file of SQL may
 * keep in memory what its questions are about; after the next run, the next question makes it again.
 */
public final class LakeQueries {
    /** How long a question waits for its turn. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int TRIES = 50;
    private static final int BETWEEN_TRIES_MS = 100;

    private final Supplier<Pipelines> pipelines;
    private final PipelineSettings settings;
    private final Locations locations;
    private final DataSource database;
    private final Limits limits;
    private final LakeCache cache;
    private final Semaphore turns;
    private final Map<String, Place> places = new HashMap<>();
    private boolean stopping;

    /**
     * What questions may take.
     *
     * @param memoryBytes the most that DuckDB may hold for a snapshot
     * @param threads how many threads work on one
     * @param time how long all that belongs to an answer may take, waiting included; what is done for all who ask does not count
     * @param atOnce how many are answered at once
     * @param spill the folder for what does not fit into memory
     */
    public record Limits(long memoryBytes, int threads, Duration time, int atOnce, Path spill) {}

    /**
     * @param database where the catalog is
     * @param cache where files of lakes in buckets are kept
     */
    public LakeQueries(
            Supplier<Pipelines> pipelines,
            PipelineSettings settings,
            Locations locations,
            DataSource database,
            Limits limits,
            LakeCache cache) {
        this.pipelines = pipelines;
        this.settings = settings;
        this.locations = locations;
        this.database = database;
        this.limits = limits;
        this.cache = cache;
        this.turns = new Semaphore(limits.atOnce(), true);
    }

    /** What is known of the tables of one pipeline with what one file prepares. */
    private static final class Place {
        private final Semaphore loading = new Semaphore(1, true);
        /** The one that questions are asked about. */
        private @Nullable LakeSnapshot current;
        /** The one that will be in its place. */
        private @Nullable LakeSnapshot next;

        Stream<LakeSnapshot> all() {
            return Stream.of(Optional.ofNullable(current), Optional.ofNullable(next))
                    .flatMap(Optional::stream);
        }
    }

    /**
     * Answers a question.
     *
     * @param preparation a file with statements that are executed once for each snapshot, after the pipeline's tables got their names;
     *     in the schema <code>written</code>, each has one more column, <code>_written_by</code>: the run that wrote a row
     * @param selection a file with statements that are executed before each question; they see the parameters as variables
     * @param question a file with a query
     * @param names of the parameters, separated by blanks; each becomes a variable: a list of texts, or NULL if it was not given
     * @param given where the parameters are found by their names
     * @return its rows; no rows and no columns if nothing was published yet
     * @throws Problem if it takes too long, if too many are asked at once, or if its SQL is wrong
     * @throws SQLException if the database is away
     * @throws IOException if a file can't be read
     */
    public LakeRows ask(
            String pipeline,
            String preparation,
            String selection,
            String question,
            String names,
            @Headers Map<String, Object> given)
            throws SQLException, IOException {
        return askAll(pipeline, preparation, selection, question, "", names, given)
                .rows()
                .values()
                .iterator()
                .next();
    }

    /**
     * Answers several questions about the same snapshot.
     *
     * @param questions the files with queries; <code>[]</code> in it is replaced by each of the keys
     * @param keys separated by blanks
     * @throws Problem if they take too long, if too many are asked at once, or if their SQL is wrong
     * @throws SQLException if the database is away
     * @throws IOException if a file can't be read
     */
    public LakeAnswers askAll(
            String pipeline,
            String preparation,
            String selection,
            String questions,
            String keys,
            String names,
            @Headers Map<String, Object> given)
            throws SQLException, IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String key : keys.split(" ", -1)) {
            files.put(key, FilePaths.of(questions.replace("[]", key)));
        }
        Map<String, List<String>> parameters = QueryParameters.of(names, given);
        String texts = Stream.concat(Stream.of(FilePaths.of(selection)), files.values().stream())
                .map(TextFile::read)
                .collect(Collectors.joining("\n"));
        Deadline deadline = new Deadline(limits.time());
        LakeSnapshot snapshot = current(pipeline, FilePaths.of(preparation), deadline);
        try {
            if (snapshot.isEmpty()) {
                return LakeAnswers.none(files.keySet());
            }
            if (!snapshot.fetch(texts, deadline)) {
                throw loading(pipeline);
            }
            takeTurn(deadline);
            try {
                return new LakeAnswers(
                        snapshot.run(texts), snapshot.answer(FilePaths.of(selection), files, parameters, deadline));
            } finally {
                turns.release();
            }
        } finally {
            snapshot.release();
        }
    }

    /** The text of a file with a question. */
    public String text(String question) {
        return TextFile.read(FilePaths.of(question));
    }

    private void takeTurn(Deadline deadline) {
        if (!deadline.acquire(turns, PATIENCE)) {
            throw new Problem(
                    Kind.TOO_MANY,
                    "Too many questions are being answered at once (BRIGADE_LAKE_QUERIES_AT_ONCE). Ask again in a moment.");
        }
    }

    static Problem stopping() {
        return new Problem(Kind.TRANSIENT, "The service is stopping. Send the request again when it has started.");
    }

    private Place place(String key) {
        synchronized (places) {
            return places.computeIfAbsent(key, none -> new Place());
        }
    }

    /** The snapshot that is published now, which the caller must release. Who loads it has the whole time for the answer afterwards. */
    private LakeSnapshot current(String pipeline, Path preparation, Deadline deadline)
            throws SQLException, IOException {
        Place place = place(pipeline + "\n" + preparation);
        if (!deadline.acquire(place.loading)) {
            throw loading(pipeline);
        }
        try {
            Version version = Version.of(database, pipeline, TextFile.read(preparation));
            Optional<LakeSnapshot> known = known(place, version);
            if (known.isPresent()) {
                return known.get();
            }
            LakeSnapshot made = load(place, pipeline, preparation, version);
            deadline.restart();
            return made;
        } finally {
            place.loading.release();
        }
    }

    private static Problem loading(String pipeline) {
        return new Problem(
                Kind.TRANSIENT,
                "The tables of " + pipeline
                        + " are still being loaded for questions about them. Ask again in a minute.");
    }

    /** The current one, in use by the caller, if it is of that version. */
    private Optional<LakeSnapshot> known(Place place, Version version) {
        synchronized (places) {
            requireNotStopping();
            Optional<LakeSnapshot> known = Optional.ofNullable(place.current)
                    .filter(current -> current.version().equals(version));
            known.ifPresent(LakeSnapshot::use);
            return known;
        }
    }

    /** Makes a snapshot the current one, in use by the caller, too. */
    private LakeSnapshot load(Place place, String pipeline, Path preparation, Version version)
            throws SQLException, IOException {
        String result = settings.result(pipelines.get().get(pipeline).definition());
        LakeSnapshot made = LakeSnapshot.open(version, new LakeFiles(locations, result, cache), limits);
        try {
            begin(place, made);
            made.prepare(preparation);
            replace(place, made).ifPresent(LakeSnapshot::release);
            return made;
        } catch (SQLException | IOException | RuntimeException failed) {
            made.release();
            throw failed;
        } finally {
            end(place);
        }
    }

    private void begin(Place place, LakeSnapshot made) {
        synchronized (places) {
            requireNotStopping();
            place.next = made;
        }
    }

    /** Gives the one that was there. */
    private Optional<LakeSnapshot> replace(Place place, LakeSnapshot made) {
        synchronized (places) {
            requireNotStopping();
            Optional<LakeSnapshot> old = Optional.ofNullable(place.current);
            place.current = made;
            made.use();
            return old;
        }
    }

    private void end(Place place) {
        synchronized (places) {
            place.next = null;
        }
    }

    private void requireNotStopping() {
        if (stopping) {
            throw stopping();
        }
    }

    private static boolean cancel(List<LakeSnapshot> all) {
        boolean isDone = true;
        for (LakeSnapshot one : all) {
            isDone &= one.cancel();
        }
        return isDone;
    }

    /**
     * Breaks off all questions, and lets everything go.
     *
     * @throws InterruptedException if the caller must not wait
     */
    public void breakOff() throws InterruptedException {
        List<LakeSnapshot> all;
        synchronized (places) {
            stopping = true;
            all = places.values().stream().flatMap(Place::all).toList();
        }
        for (int tried = 0; tried < TRIES && !cancel(all); tried++) {
            Thread.sleep(BETWEEN_TRIES_MS);
        }
        synchronized (places) {
            places.values().forEach(place -> {
                if (place.current != null) {
                    place.current.release();
                    place.current = null;
                }
            });
        }
    }
}
