package io.bucketbrigade.settings;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Definition;
import io.bucketbrigade.registry.Definition.Marker;
import io.bucketbrigade.registry.Definition.RunsPerDay;
import io.bucketbrigade.registry.Definition.Start;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.registry.RowStream.Archive;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of the settings that a pipeline.yaml names, and of the two that say how all inputs are watched. Each is read when it is asked for, so that a wrong one stops only what needs
 * it; then a {@link Problem} says what is wrong.
 */
public final class PipelineSettings {
    private static final int MOST_RUNS = 100_000;

    private final Settings settings;

    public PipelineSettings(Settings settings) {
        this.settings = settings;
    }

    /** The folder or bucket of the inputs. */
    public String place(InputFiles inputs) {
        return settings.text(inputs.location());
    }

    /** The folder or bucket in which the marker appears. */
    public String place(Marker marker) {
        return settings.text(marker.location());
    }

    /** The folder or bucket of the files that runs write; empty if they write none. */
    public String result(Definition definition) {
        String result = definition.result();
        return result == null ? "" : settings.text(result);
    }

    /** For how long no input must have changed; zero if they need not rest. */
    public Duration quiet(Start start) {
        String quiet = start.quiet();
        return quiet == null ? Duration.ZERO : settings.duration(quiet);
    }

    /** How often a run begins though nothing is new; null if none does. */
    public @Nullable Duration every(Start start) {
        String every = start.every();
        return every == null ? null : settings.duration(every);
    }

    /**
     * When files are looked for, each of which is a run of its own.
     *
     * @param eachFile the setting that says so
     */
    public Schedule schedule(String eachFile) {
        return Values.schedule(settings.name(eachFile), settings.text(eachFile));
    }

    /** How long the rows of a stream stay in its log at least. */
    public Duration retention(RowStream stream) {
        return settings.duration(stream.retention());
    }

    /** How long a stream knows an idempotency key after its last use. */
    public Duration keysKept(RowStream stream) {
        return settings.duration(stream.keysKept());
    }

    /** How long a stream keeps rows that it could not accept; empty if for ever. */
    public Optional<Duration> rejectedKept(RowStream stream) {
        return Optional.ofNullable(stream.rejectedKept()).map(settings::duration);
    }

    /** How many rows may wait for a reader of a stream before no more are accepted. */
    public long backlog(RowStream stream) {
        return settings.number(stream.backlog());
    }

    /** How long a row of a stream may wait for a reader before health says so. */
    public Duration lateAfter(RowStream stream) {
        return settings.duration(stream.lateAfter());
    }

    /** Where the rows of a stream go first, as it is written. */
    public String buffer(RowStream stream) {
        String buffer = stream.buffer();
        return settings.text(buffer == null ? "brigade.stream" : buffer);
    }

    /** The folder or bucket of a stream's archive. */
    public String place(Archive archive) {
        return settings.text(archive.location());
    }

    /** From how many bytes on, before compression, a file of a stream's archive is finished. */
    public long size(Archive archive) {
        return settings.bytes(archive.size());
    }

    /** After which time at the latest a file of a stream's archive is finished. */
    public Duration age(Archive archive) {
        return settings.duration(archive.age());
    }

    /** How many runs may succeed on one day. */
    public int limit(RunsPerDay runsPerDay) {
        String limit = runsPerDay.limit();
        return Values.number(settings.name(limit), settings.text(limit), 1, MOST_RUNS);
    }

    /** The time zone in which a day begins. */
    public ZoneId zone(RunsPerDay runsPerDay) {
        return Values.zone(settings.name(runsPerDay.zone()), settings.text(runsPerDay.zone()));
    }

    /** How many rows of a file may be rejected; none if the pipeline.yaml doesn't say. */
    public MaxRejected maxRejected(Pipeline pipeline, InputFiles inputs) {
        String limit = inputs.maxRejected();
        return limit == null
                ? new MaxRejected("inputs.maxRejected of " + pipeline.file(), BigDecimal.ZERO)
                : new MaxRejected(Settings.variable(limit), Values.share(settings.name(limit), settings.text(limit)));
    }

    /**
     * How many rows of a file may be rejected.
     *
     * @param name what says so, as people know it
     * @param share the largest share, 0 to 1
     */
    public record MaxRejected(String name, BigDecimal share) {}

    /**
     * How many bytes a setting allows.
     *
     * @return them; empty if the setting is blank, so that any number may be
     */
    public OptionalLong bytes(String setting) {
        return settings.text(setting).isBlank() ? OptionalLong.empty() : OptionalLong.of(settings.bytes(setting));
    }

    /** The settings that shape the result, with their values, one per line. */
    public String shaping(Definition definition) {
        return definition.settings().stream()
                .map(name -> name + "=" + settings.text(name) + "\n")
                .collect(Collectors.joining());
    }

    /** For how long size and time of a file must stay the same before it counts as written, for all pipelines. */
    public Duration settle() {
        return settings.duration("brigade.settle");
    }

    /** The time between two checks of inputs, for all pipelines; null if it depends on where they are. */
    public @Nullable Duration poll() {
        return settings.text("brigade.poll").isEmpty() ? null : settings.duration("brigade.poll");
    }
}
