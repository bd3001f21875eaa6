package io.bucketbrigade.registry;

import io.bucketbrigade.registry.RowStream.Archive;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline.yaml says. Values that users may change are settings, which it refers to by their names.
 *
 * @param title the pipeline's name for people
 * @param description one line that says what comes out of what
 * @param order its place among the pipelines, the smallest first
 * @param task what a run of it does, in one word
 * @param plan the route that says what a run would do, for the command plan; null if there is none
 * @param fetch the route that fetches its files from elsewhere, for the command run; null if there is none
 * @param inputs the files it reads; null if it reads none
 * @param stream the rows it is sent; null if it is sent none
 * @param start what starts a run; the inputs alone, where it says nothing
 * @param runsPerDay how many runs may succeed on one day; null if any number
 * @param result the setting that says where its files go; null if it writes none
 * @param settings the settings that shape the result; when one changes, the same inputs are run again
 * @param demo how the demo differs from the defaults
 */
public record Definition(
        String title,
        String description,
        int order,
        String task,
        @Nullable String plan,
        @Nullable String fetch,
        @Nullable InputFiles inputs,
        @Nullable RowStream stream,
        Start start,
        @Nullable RunsPerDay runsPerDay,
        @Nullable String result,
        List<String> settings,
        Demo demo) {

    public Definition {
        start = start == null ? new Start(null, null, null, null) : start;
        settings = settings == null ? List.of() : List.copyOf(settings);
        demo = demo == null ? new Demo(Map.of(), List.of(), null) : demo;
    }

    /**
     * What starts a run.
     *
     * @param quiet the setting that says for how long no input must have changed; null if they need not rest
     * @param marker the file whose arrival starts a run; null if the inputs do
     * @param every the setting that says how often a run begins though nothing is new; null if none does
     * @param eachFile the setting that says when files are looked for, each of which is a run of its own, once; null if a run reads all of
     *     them, whenever they are there
     */
    public record Start(
            @Nullable String quiet,
            @Nullable Marker marker,
            @Nullable String every,
            @Nullable String eachFile) {}

    /**
     * A file that says that all inputs are there.
     *
     * @param location the setting that says in which folder or bucket it appears
     * @param name its name
     */
    public record Marker(String location, String name) {}

    /**
     * How many runs may succeed on one day.
     *
     * @param limit the setting that says how many
     * @param zone the setting that says in which time zone the day begins
     */
    public record RunsPerDay(String limit, String zone) {}

    /**
     * What the demo does differently.
     *
     * @param settings values that it gives to settings
     * @param files what it puts into the inputs' location, files or folders below the pipeline's samples; its inputs, where nothing is said
     * @param send what it sends to the stream; null if nothing
     */
    public record Demo(
            Map<String, String> settings,
            List<String> files,
            @Nullable Send send) {
        /**
         * A file that the demo sends to the pipeline's stream.
         *
         * @param file its path below the pipeline's samples
         * @param to the path of the call that takes it
         * @param rate how many rows per second
         */
        public record Send(String file, String to, int rate) {}

        public Demo {
            settings = settings == null ? Map.of() : Map.copyOf(settings);
            files = files == null ? List.of() : List.copyOf(files);
        }
    }

    /** All that must be said, and all settings that are named, each with its key. */
    Stream<Entry> entries() {
        Stream.Builder<Entry> entries = Stream.builder();
        entries.add(new Entry("title", title, false)).add(new Entry("description", description, false));
        entries.add(new Entry("task", task, false));
        if (inputs != null) {
            entries.add(new Entry("inputs.location", inputs.location(), true));
            entries.add(new Entry("inputs.files", inputs.files().isEmpty() ? null : "files", false));
            addIfSaid(entries, "inputs.maxRejected", inputs.maxRejected());
        }
        if (stream != null) {
            entries.add(new Entry("stream.key", stream.key(), false));
            entries.add(new Entry("stream.columns", stream.columns().isEmpty() ? null : "columns", false));
            entries.add(new Entry("stream.retention", stream.retention(), true));
            entries.add(new Entry("stream.keysKept", stream.keysKept(), true));
            addIfSaid(entries, "stream.rejectedKept", stream.rejectedKept());
            entries.add(new Entry("stream.backlog", stream.backlog(), true));
            entries.add(new Entry("stream.lateAfter", stream.lateAfter(), true));
            addIfSaid(entries, "stream.buffer", stream.buffer());
            Archive archive = stream.archive();
            if (archive != null) {
                entries.add(new Entry("stream.archive.location", archive.location(), true));
                entries.add(new Entry("stream.archive.size", archive.size(), true));
                entries.add(new Entry("stream.archive.age", archive.age(), true));
            }
        }
        addIfSaid(entries, "start.quiet", start.quiet());
        addIfSaid(entries, "start.every", start.every());
        addIfSaid(entries, "start.eachFile", start.eachFile());
        Marker marker = start.marker();
        if (marker != null) {
            entries.add(new Entry("start.marker.location", marker.location(), true));
            entries.add(new Entry("start.marker.name", marker.name(), false));
        }
        if (runsPerDay != null) {
            entries.add(new Entry("runsPerDay.limit", runsPerDay.limit(), true));
            entries.add(new Entry("runsPerDay.zone", runsPerDay.zone(), true));
        }
        addIfSaid(entries, "result", result);
        settings.forEach(setting -> entries.add(new Entry("settings", setting, true)));
        demo.settings().keySet().forEach(setting -> entries.add(new Entry("demo.settings." + setting, setting, true)));
        return entries.build();
    }

    private static void addIfSaid(Stream.Builder<Entry> entries, String key, @Nullable String setting) {
        if (setting != null) {
            entries.add(new Entry(key, setting, true));
        }
    }

    /**
     * Something that is said, or must be.
     *
     * @param key where
     * @param value what; null if it is missing
     * @param isSetting whether it is the name of a setting
     */
    record Entry(String key, @Nullable String value, boolean isSetting) {}
}
