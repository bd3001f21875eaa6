package io.bucketbrigade.streams;

import io.bucketbrigade.buffers.BufferName;
import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.RowBuffers;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.registry.RowStream.Archive;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.streams.Backlogs.Lag;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of all pipelines that have one. */
public final class Streams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private final Pipelines pipelines;
    private final PipelineSettings settings;
    private final Locations locations;
    private final DataSource database;
    private final Duration lease;
    private final String process = UUID.randomUUID().toString();
    private final RowBuffers buffers;
    private final StreamMetrics metrics;
    private final LogSegments segments;
    private final Refusals refusals;
    private final Backlogs backlogs;
    private final Map<String, OpenStream> open = new ConcurrentHashMap<>();
    private final Map<String, Map<String, StreamConsumer>> consumers = new ConcurrentHashMap<>();

    /**
     * @param lease how long a process may be silent while it deals with rows
     * @param buffers makes what is in front of the log where a setting says so
     * @param metrics gets how much arrives, and how far readers are behind
     */
    public Streams(
            Pipelines pipelines,
            PipelineSettings settings,
            Locations locations,
            DataSource database,
            Duration lease,
            RowBuffers buffers,
            StreamMetrics metrics) {
        this.pipelines = pipelines;
        this.settings = settings;
        this.locations = locations;
        this.database = database;
        this.lease = lease;
        this.buffers = buffers;
        this.metrics = metrics;
        this.segments = new LogSegments(database, settings);
        this.refusals = new Refusals(segments, settings, locations);
        this.backlogs = new Backlogs(database);
    }

    /**
     * Makes a pipeline's stream ready for use, with its log.
     *
     * @throws Problem if it has none
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if the archive can't be read
     */
    void open(String pipeline) throws SQLException, IOException {
        if (open.containsKey(pipeline)) {
            return;
        }
        RowStream definition = definition(pipeline);
        BufferName name = BufferName.of(settings.buffer(definition));
        requireOwn(pipeline, name);
        segments.create(pipeline, definition);
        String refused = refusals.of(pipeline, definition);
        if (refused != null) {
            LOG.warn(refused);
        }
        StreamLog stored = new StreamLog(database, pipeline);
        stored.identify();
        RowBuffer buffer = name.isExternal() ? buffers.open(pipeline, name) : null;
        RowFormat format = buffer == null ? new RowFormat(definition) : new RowFormat(definition, buffer.largestRow());
        GroupCommit log = new GroupCommit(
                pipeline,
                buffer == null
                        ? new LogStore(pipeline, stored, metrics)
                        : new BufferStore(pipeline, stored, buffer, metrics));
        open.put(
                pipeline,
                new OpenStream(
                        definition,
                        log,
                        new Intake(format, log),
                        buffer == null
                                ? null
                                : relay(pipeline, name, buffer, new ReceivedRows(format, stored, name.toString())),
                        refused == null ? archive(pipeline, definition) : null,
                        refused));
    }

    private BufferRelay relay(String pipeline, BufferName name, RowBuffer buffer, ReceivedRows rows) {
        StreamSources sources = new StreamSources(database, pipeline, name.toString(), process);
        return new BufferRelay(pipeline, database, buffer, sources, rows, metrics);
    }

    /** Two streams with the same buffer would each get the rows of the other. */
    private void requireOwn(String pipeline, BufferName name) {
        for (Map.Entry<String, OpenStream> other : open.entrySet()) {
            if (name.isExternal()
                    && settings.buffer(other.getValue().definition()).equals(name.toString())) {
                throw new Problem(
                        Kind.USAGE,
                        "The streams " + other.getKey() + " and " + pipeline + " can't both have " + name
                                + " in front of them. Name another one in one of their settings.");
            }
        }
    }

    private @Nullable StreamArchive archive(String pipeline, RowStream definition) {
        Archive archive = definition.archive();
        return archive == null
                ? null
                : new StreamArchive(
                        database,
                        pipeline,
                        locations,
                        settings.place(archive),
                        settings.size(archive),
                        settings.age(archive));
    }

    private RowStream definition(String pipeline) {
        Pipeline found = pipelines.get(pipeline);
        RowStream stream = found.definition().stream();
        if (stream == null) {
            throw new Problem(
                    Kind.USAGE,
                    found.file() + ": the pipeline " + pipeline + " has no stream, but a route uses stream:" + pipeline
                            + ". Add the key stream.");
        }
        return stream;
    }

    /** Takes the rows that a pipeline is sent. */
    Intake intake(String pipeline) {
        OpenStream stream = open.get(pipeline);
        if (stream == null) {
            throw new IllegalStateException("the stream of " + pipeline + " is not open");
        }
        if (stream.refused() != null) {
            throw new Problem(Kind.CONFLICT, stream.refused());
        }
        return stream.intake();
    }

    /** A reader of a pipeline's stream. */
    StreamReading reading(String pipeline, String reader) {
        return new StreamReading(database, pipeline, reader, lease);
    }

    /** When a reader of a pipeline's stream is due. */
    BatchRolling rolling(String pipeline, String reader, int rows, Duration age) {
        return new BatchRolling(database, pipeline, reader, rows, age);
    }

    /**
     * Notes how far each reader is behind, and refuses further rows while too many wait, before the disk is full. A shared route calls it
     * every second.
     *
     * @throws SQLException if the database refuses, or is away
     */
    public void limitBacklogs() throws SQLException {
        for (Map.Entry<String, OpenStream> stream : open.entrySet()) {
            String name = stream.getKey();
            RowStream definition = stream.getValue().definition();
            long most = settings.backlog(definition);
            Duration late = settings.lateAfter(definition);
            List<Lag> lags = backlogs.of(name);
            Lag slowest = lags.stream().max(Comparator.comparingLong(Lag::rows)).orElse(new Lag("", 0, 0));
            metrics.refused(name, stream.getValue().refused());
            metrics.rebuilding(name, segments.isRebuilding(name));
            metrics.removed(
                    name,
                    lags.stream()
                            .filter(lag -> isRemoved(name, lag, late))
                            .map(Lag::reader)
                            .toList());
            BufferRelay relay = stream.getValue().relay();
            if (relay != null) {
                StreamSources.Lag waiting = relay.lag();
                lags.add(new Lag("relay", waiting.rows(), waiting.seconds()));
                metrics.lost(name, waiting.lost());
            }
            lags.forEach(lag -> metrics.behind(name, lag.reader(), lag.rows(), lag.seconds(), late));
            metrics.areAllReaders(name, lags.stream().map(Lag::reader).collect(Collectors.toSet()));
            stream.getValue().limit(slowest.reader(), slowest.rows(), most, name);
        }
    }

    /**
     * Brings rows from the buffers in front of the logs into the logs, for about a second. A shared route calls it again and again.
     *
     * @throws Problem if a buffer can't be reached; the others are read all the same
     * @throws SQLException if the database refuses, or is away
     */
    public void relay() throws SQLException {
        BufferRelay.move(open.values().stream()
                .filter(stream -> stream.refused() == null)
                .map(OpenStream::relay)
                .flatMap(Stream::ofNullable)
                .toList());
    }

    /**
     * Writes the files of the archives that are due. A shared route calls it every second.
     *
     * @throws SQLException if the database refuses, or is away
     * @throws IOException if a file can't be written
     */
    public void archive() throws SQLException, IOException {
        for (OpenStream stream : open.values()) {
            if (stream.archive() != null) {
                stream.archive().write();
            }
        }
    }

    /**
     * All rows of a stream's archive are in the tables of its readers, so files may be loaded again.
     *
     * @throws SQLException if the database refuses, or is away
     */
    public void endRebuild(String pipeline) throws SQLException {
        segments.endRebuild(pipeline);
    }

    /**
     * How many rows the reader that is farthest behind has not dealt with.
     *
     * @throws SQLException if the database refuses, or is away
     */
    public long behind(String pipeline) throws SQLException {
        for (StreamConsumer reader : consumers.getOrDefault(pipeline, Map.of()).values()) {
            // One that has not looked for rows yet would not count.
            reader.begin();
        }
        return Lag.longest(backlogs.of(pipeline));
    }

    /**
     * Checks what a pipeline.yaml says of a column of its stream.
     *
     * @throws Problem if that is not how it is written
     */
    public static void checkColumn(String name, String type) {
        RowColumn.parse(name, type);
    }

    /**
     * Whether a reader is none any more: no route of this process reads by its name, and no other process does, or it would be less far behind.
     */
    private boolean isRemoved(String pipeline, Lag lag, Duration late) {
        boolean isArchived =
                definition(pipeline).archive() != null && lag.reader().equals(StreamArchive.READER);
        return !isArchived
                && lag.seconds() > late.toSeconds()
                && !consumers.getOrDefault(pipeline, Map.of()).containsKey(lag.reader());
    }

    /** Whether a reader is none any more. */
    boolean isRemoved(String pipeline, String reader) throws SQLException {
        Duration late = settings.lateAfter(definition(pipeline));
        return lag(pipeline, reader)
                .filter(lag -> isRemoved(pipeline, lag, late))
                .isPresent();
    }

    /** How far a reader is behind, also if it is none any more; empty if there is none by that name. */
    Optional<Lag> lag(String pipeline, String reader) throws SQLException {
        return backlogs.of(pipeline).stream()
                .filter(lag -> lag.reader().equals(reader))
                .findFirst();
    }

    /** A route of this process does not read a stream any more. */
    void leaves(String pipeline, String reader, StreamConsumer consumer) {
        consumers.getOrDefault(pipeline, Map.of()).remove(reader, consumer);
    }

    /** A route of this process reads a stream. */
    void reads(String pipeline, String reader, StreamConsumer consumer) {
        consumers.computeIfAbsent(pipeline, first -> new ConcurrentHashMap<>()).put(reader, consumer);
    }

    /**
     * Tries all rejected rows of a stream once more, as they were sent.
     *
     * @throws Problem if there is no such stream
     * @throws Exception if the database refuses, or a reader fails for another reason than a row
     */
    public Object replayAll(@Header("pipeline") String pipeline) throws Exception {
        return replay(pipeline).all();
    }

    /**
     * Tries one rejected row of a stream once more.
     *
     * @param corrected the row to store instead; blank for the row as it was sent
     * @throws Problem if there is no such stream or row
     * @throws Exception if the database refuses, or a reader fails for another reason than the row
     */
    public Object replayOne(
            @Header("pipeline") String pipeline, @Header("id") long id, @Body @Nullable String corrected)
            throws Exception {
        return replay(pipeline).one(id, corrected == null ? "" : corrected);
    }

    private StreamReplay replay(String pipeline) {
        requireStream(pipeline);
        return new StreamReplay(database, pipeline, intake(pipeline), consumers.getOrDefault(pipeline, Map.of()));
    }

    /**
     * Checks that a pipeline has a stream that routes use.
     *
     * @throws Problem if it has none; names those there are
     */
    public void requireStream(@Header("pipeline") String pipeline) {
        if (!open.containsKey(pipeline)) {
            throw new Problem(
                    Kind.MISSING,
                    "There is no stream " + pipeline + "; there are: " + String.join(", ", new TreeSet<>(open.keySet()))
                            + ".");
        }
    }

    /**
     * Extends the logs, drops what is too old in them, and forgets keys. A shared route calls it every minute.
     *
     * @throws SQLException if the database refuses, or is away
     */
    public void tidy() throws SQLException {
        for (Map.Entry<String, OpenStream> stream : open.entrySet()) {
            segments.tidy(stream.getKey(), stream.getValue().definition());
        }
    }

    /** What has been sent is stored before it ends; more is refused. */
    @Override
    public void close() {
        open.values().forEach(OpenStream::close);
        open.clear();
    }
}
