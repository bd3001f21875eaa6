package io.bucketbrigade.batches;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.batches.Batch.StagedFile;
import io.bucketbrigade.batches.Batch.State;
import io.bucketbrigade.batches.Uploads.Received;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.InputLocation;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.storage.CheckedUpload;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Staging;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Takes several files as one change: a batch is begun, filled and committed. No run starts on half of one. */
public final class UploadBatches {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");
    private static final String GIVEN_UP =
            "Somebody dropped this batch before its files were put in place. Send all files again.";
    /** Each may keep as many bytes beside the location as its files may have. */
    private static final int MOST_OPEN = 20;

    private final BatchRecords records;
    private final BatchPlacement placement;
    private final Locations locations;
    private final InputLocations inputs;
    private final Duration expiry;
    private final RetryPolicy<Boolean> patience = RetryPolicy.<Boolean>builder()
            .abortOn(Throwable.class)
            .handleResult(false)
            .withDelay(Duration.ofMillis(100))
            .withMaxDuration(PATIENCE)
            .withMaxAttempts(-1)
            .build();

    /**
     * @param owner a name that no other process has
     * @param lease how long a process that puts a batch in place may stay silent before another one goes on
     * @param expiry how long a batch that nobody commits is kept after it was last heard of
     */
    public UploadBatches(
            DataSource database,
            Locations locations,
            InputLocations inputs,
            String owner,
            Duration lease,
            Duration expiry) {
        this.records = new BatchRecords(database, owner, lease);
        this.placement = new BatchPlacement(records, locations);
        this.locations = locations;
        this.inputs = inputs;
        this.expiry = expiry;
    }

    /**
     * Begins a batch.
     *
     * @param files the names of those that will be sent
     * @return the batch, for JSON
     * @throws Problem if there are none, or one twice, or one that the pipeline does not read; or if too many batches are open
     * @throws IOException if the location can't be read
     * @throws SQLException if the database can't answer
     */
    public Map<String, Object> begin(@Header("pipeline") String pipeline, @Variable("files") List<String> files)
            throws IOException, SQLException {
        InputLocation reads = inputs.of(pipeline);
        if (files.isEmpty() || new HashSet<>(files).size() < files.size()) {
            throw new Problem(Kind.USAGE, "A batch needs one or more files, each named once.");
        }
        files.forEach(reads::require);
        String id = UUID.randomUUID().toString();
        String location = locations.of(reads.place()).name();
        if (!records.begin(id, pipeline, location, files, expiry, MOST_OPEN)) {
            throw new Problem(
                    Kind.TOO_MANY,
                    MOST_OPEN + " batches with files for " + location
                            + " are open already. Commit or drop one of them, or wait until one expires.");
        }
        return show(pipeline, id);
    }

    /**
     * Receives one of a batch's files; one that was sent before is replaced.
     *
     * @return what was received, and where it will be
     * @throws Problem if there is no such batch, if it takes no more files, or if the file isn't one of it
     * @throws io.bucketbrigade.csv.CsvException if it has no header, or the header is missing a column
     * @throws IOException if it breaks off, or can't be written
     * @throws SQLException if the database can't answer
     */
    public Received put(
            @Header("pipeline") String pipeline,
            @Header("batch") String id,
            @Header("file") String file,
            @Body InputStream bytes)
            throws IOException, SQLException {
        InputLocation reads = inputs.of(pipeline);
        Batch batch = open(pipeline, id);
        if (!batch.files().contains(file)) {
            throw new Problem(
                    Kind.MISSING,
                    file + " is not a file of batch " + id + ". Send " + String.join(" or ", batch.files())
                            + ", or begin a batch that names it.");
        }
        CheckedUpload upload = CheckedUpload.open(file, reads.require(file).columns(), new Attended(bytes, batch));
        Staging staging = locations.of(batch.location()).staging();
        String ticket = staging.begin(file, "batch-" + UUID.randomUUID());
        StagedFile begun = new StagedFile(beginFile(staging, batch, file, ticket), batch, file, ticket);
        try {
            String whole = staging.receive(file, ticket, upload);
            if (!records.finishFile(batch, begun.id(), file, whole, upload.count(), expiry)) {
                open(pipeline, id);
                throw new Problem(Kind.TRANSIENT, file + " was removed while it was being received. Send it again.");
            }
        } catch (IOException | SQLException | RuntimeException e) {
            discard(begun, e);
            throw e;
        }
        placement.clear(batch);
        return new Received(file, batch.location() + "/" + file, upload.count());
    }

    private long beginFile(Staging staging, Batch batch, String file, String ticket) throws SQLException {
        try {
            return records.beginFile(batch.id(), file, ticket);
        } catch (SQLException | RuntimeException unrecorded) {
            // Without a record nobody would ever remove it.
            try {
                staging.discard(file, ticket);
            } catch (IOException | RuntimeException later) {
                unrecorded.addSuppressed(later);
            }
            throw unrecorded;
        }
    }

    /** A sender who is slow, but sends, keeps the batch. */
    private final class Attended extends FilterInputStream {
        private final Batch batch;
        private long heardOf = System.nanoTime();

        Attended(InputStream in, Batch batch) {
            super(in);
            this.batch = batch;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (System.nanoTime() - heardOf > expiry.toNanos() / 4) {
                heardOf = System.nanoTime();
                try {
                    if (!records.extend(batch.id(), expiry)) {
                        open(batch.pipeline(), batch.id());
                    }
                } catch (SQLException e) {
                    throw Problems.of(e);
                }
            }
            return super.read(into, offset, length);
        }
    }

    private void discard(StagedFile begun, Exception because) {
        try {
            placement.discard(begun);
        } catch (IOException | SQLException | RuntimeException later) {
            // The record of it remains, and with it the next tidying.
            because.addSuppressed(later);
        }
    }

    /**
     * Puts all files of a batch in place. Doing it again does no harm.
     *
     * @return the batch, for JSON
     * @throws Problem if there is no such batch, if it was dropped, if files are missing, or if it can't be put in place now; in the last
     *     case it is tried again
     * @throws SQLException if the database can't answer
     */
    public Map<String, Object> commit(@Header("pipeline") String pipeline, @Header("batch") String id)
            throws IOException, SQLException {
        boolean done = Failsafe.with(patience).get(() -> {
            Batch batch = find(pipeline, id);
            return switch (batch.state()) {
                case COMMITTED -> true;
                case DROPPED, FAILED -> throw batch.ended();
                case OPEN, COMMITTING -> placement.commit(batch);
            };
        });
        Batch batch = find(pipeline, id);
        if (batch.state() == State.FAILED) {
            throw batch.ended();
        }
        if (!done) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "Another batch is being put in place in " + batch.location() + ". Commit again when that is done.");
        }
        return show(pipeline, id);
    }

    /**
     * What has become of a batch: its state, its files, and the run that read them, if there is one.
     *
     * @return the batch, for JSON
     * @throws Problem if there is no such batch
     * @throws IOException if the location can't be read
     * @throws SQLException if the database can't answer
     */
    public Map<String, Object> show(@Header("pipeline") String pipeline, @Header("batch") String id)
            throws IOException, SQLException {
        Batch batch = find(pipeline, id);
        List<String> whole = batch.state() == State.COMMITTED
                ? batch.files()
                : records.wholeFiles(id).stream().map(StagedFile::file).toList();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("batch", id);
        shown.put("state", batch.state().word());
        shown.put(
                "files",
                batch.files().stream()
                        .map(file -> Map.of("file", file, "received", whole.contains(file)))
                        .toList());
        shown.put("expires_at", batch.state() == State.OPEN ? batch.expiresAt().toString() : null);
        shown.put("error", batch.error().isEmpty() ? null : batch.error());
        JsonNode run = run(batch);
        shown.put("run", run);
        shown.put("replaced", batch.state() == State.COMMITTED && run.isNull() ? replaced(batch) : List.of());
        return shown;
    }

    private JsonNode run(Batch batch) throws IOException, SQLException {
        String run = records.run(batch.id()).orElse("null");
        return JSON.readTree(run);
    }

    /** The files of which another version is in place by now. No run has read them, and none will. */
    private List<String> replaced(Batch batch) throws IOException {
        List<JsonNode> there = new ArrayList<>();
        for (Identity identity : locations.of(batch.location()).list(batch.files())) {
            there.add(JSON.readTree(JSON.writeValueAsString(identity.described())));
        }
        List<String> replaced = new ArrayList<>();
        for (JsonNode placed : JSON.readTree(batch.placed())) {
            if (!there.contains(placed)) {
                String path = placed.path("path").asText();
                replaced.add(path.substring(path.lastIndexOf('/') + 1));
            }
        }
        return replaced;
    }

    /**
     * Drops a batch; what was sent of it is removed.
     *
     * @return the batch, for JSON
     * @throws Problem if there is no such batch, or if it is in place already
     * @throws IOException if the location can't be read
     * @throws SQLException if the database can't answer
     */
    public Map<String, Object> drop(@Header("pipeline") String pipeline, @Header("batch") String id)
            throws IOException, SQLException {
        Batch batch = find(pipeline, id);
        boolean ended =
                switch (batch.state()) {
                    case OPEN -> records.drop(id, "Batch " + id + " was dropped. Begin a new one and send its files.");
                    case COMMITTING -> giveUp(batch);
                    case COMMITTED -> false;
                    case DROPPED, FAILED -> true;
                };
        if (!ended) {
            throw new Problem(Kind.CONFLICT, "Batch " + id + " is committed and can't be dropped any more.");
        }
        placement.clear(batch);
        return show(pipeline, id);
    }

    /** Only as long as nothing is in place, because no run may begin on half of a batch. */
    private boolean giveUp(Batch batch) throws IOException, SQLException {
        if (batch.isAttended()) {
            return false;
        }
        List<String> inPlace = placement.partlyInPlace(batch);
        if (!inPlace.isEmpty()) {
            throw new Problem(
                    Kind.CONFLICT,
                    "Batch " + batch.id() + " can't be dropped, because some of its files are in place already: "
                            + String.join(" and ", inPlace) + ". The rest will follow as soon as possible. "
                            + batch.error());
        }
        return records.failed(batch.id(), GIVEN_UP);
    }

    /**
     * Goes on with batches that were left in the middle, and clears away what nobody needs.
     *
     * @throws Exception the first thing that could not be done; the rest was tried
     */
    public void tidy() throws Exception {
        placement.tidy();
    }

    /**
     * Records that this process is still putting its batches in place.
     *
     * @throws SQLException if the database can't answer
     */
    public void renew() throws SQLException {
        placement.renew();
    }

    private Batch open(String pipeline, String id) throws SQLException {
        Batch batch = find(pipeline, id);
        batch.requireOpen();
        return batch;
    }

    private Batch find(String pipeline, String id) throws SQLException {
        return (ID.matcher(id).matches() ? records.find(id) : Optional.<Batch>empty())
                .filter(batch -> batch.pipeline().equals(pipeline))
                .orElseThrow(() -> new Problem(Kind.MISSING, "There is no batch " + id + ". Begin one first."));
    }
}
