package io.bucketbrigade.settings;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All settings, resolved once at start. A key {@code leaderboard.raw} is the environment variable
 * {@code LEADERBOARD_RAW}; messages use the latter. {@link SettingsCheck} says what is wrong with them.
 */
public final class Settings {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z0-9.-]+)}}");
    private static final int DEEPEST = 10;

    private final SortedMap<String, Setting> raw;
    private final SortedMap<String, String> values = new TreeMap<>();
    private final SortedMap<String, String> unreadable;
    private final Loaded loaded;

    /**
     * What is the same whatever the values are.
     *
     * @param home the folder with routes/ and samples/
     * @param kinds the kinds that are declared
     * @param shared the keys that come with the program and belong to no pipeline
     * @param pipelines the names of the pipelines
     * @param pipelineOfKey the pipeline whose folder defines a setting, by the keys; also for keys that declare a kind
     * @param warnings what should be said about the settings
     */
    record Loaded(
            Path home,
            Map<String, SettingKind> kinds,
            Set<String> shared,
            Collection<String> pipelines,
            Map<String, String> pipelineOfKey,
            List<String> warnings) {}

    /** @param unreadable what could not be read, in words, by the keys of the settings */
    Settings(Map<String, Setting> raw, Map<String, String> unreadable, Loaded loaded) {
        this.raw = new TreeMap<>(raw);
        this.unreadable = new TreeMap<>(unreadable);
        this.loaded = loaded;
        this.raw.forEach((key, setting) -> values.put(key, resolve(setting, setting, 0)));
    }

    /** @param part the setting itself, or one that it refers to */
    private String resolve(Setting setting, Setting part, int depth) {
        String text = part.value().strip();
        if (part.literal()) {
            return text;
        }
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String key = String.valueOf(match.group(1));
            Setting other = raw.get(key);
            if (other == null || depth == DEEPEST) {
                unreadable.putIfAbsent(
                        setting.key(),
                        setting.name() + " refers to {{" + key
                                + (other == null ? "}}, which is not a setting." : "}}, which refers to it in turn."));
                return Matcher.quoteReplacement(match.group());
            }
            return Matcher.quoteReplacement(resolve(setting, other, depth + 1));
        });
    }

    /** The environment variable of a key. */
    public static String variable(String key) {
        return Setting.variable(key);
    }

    /** The folder that the program is in, with routes/ and samples/. */
    public Path home() {
        return loaded.home();
    }

    /** The folders with routes: the program's own, and the further one if there is one. */
    public List<Path> routeFolders() {
        Path own = home().resolve("routes");
        return text("brigade.routes").isEmpty() ? List.of(own) : List.of(own, path("brigade.routes"));
    }

    /** What should be said about the settings at start: variables nobody reads. */
    public List<String> warnings() {
        return loaded.warnings();
    }

    /** The names of the pipelines. */
    public Collection<String> pipelines() {
        return loaded.pipelines();
    }

    /** The pipeline in whose folder a setting is defined, whatever it is called; none if it belongs to no pipeline. */
    public Optional<String> pipelineOf(String key) {
        return Optional.ofNullable(loaded.pipelineOfKey().get(key));
    }

    /** The settings that are defined in the folder of a pipeline. */
    public List<String> keysOf(String pipeline) {
        return raw.keySet().stream()
                .filter(key -> pipeline.equals(loaded.pipelineOfKey().get(key)))
                .toList();
    }

    /** The settings that name folders or buckets; either those that are read, or those that are written. */
    public List<String> places(boolean written) {
        SettingKind wanted = written ? PlaceKind.WRITTEN : PlaceKind.READ;
        return raw.keySet().stream().filter(key -> kind(key).equals(wanted)).toList();
    }

    /** The settings of a kind that is declared by its class. */
    public List<String> ofKind(Class<? extends SettingKind> kind) {
        return raw.keySet().stream().filter(key -> kind.isInstance(kind(key))).toList();
    }

    /** The value that a setting has where nobody sets it, as it is written. */
    public String standard(String key) {
        Setting setting = raw.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return setting.standard();
    }

    /** The same settings, of which some have the value that they have where nobody sets them. */
    public Settings withDefaults(Collection<String> keys) {
        Map<String, Setting> changed = new TreeMap<>(raw);
        keys.forEach(key -> changed.computeIfPresent(key, (same, setting) -> setting.with(setting.standard(), "")));
        return new Settings(changed, Map.of(), loaded);
    }

    SortedMap<String, Setting> all() {
        return raw;
    }

    SortedMap<String, String> unreadable() {
        return unreadable;
    }

    SettingKind kind(String key) {
        return loaded.kinds().getOrDefault(key, SettingKinds.TEXT);
    }

    boolean hasKind(String key) {
        return loaded.kinds().containsKey(key);
    }

    boolean isShared(String key) {
        return loaded.shared().contains(key);
    }

    /** Whether a setting is one of some others, or its value comes from one of them. */
    public boolean dependsOn(String key, Collection<String> others) {
        return others.contains(key) || references(key).stream().anyMatch(other -> dependsOn(other, others));
    }

    /** The keys of the settings from which a setting's value comes. */
    List<String> references(String key) {
        Setting setting = raw.get(key);
        return setting == null || setting.literal() || unreadable.containsKey(key)
                ? List.of()
                : PLACEHOLDER
                        .matcher(setting.value())
                        .results()
                        .map(match -> match.group(1))
                        .toList();
    }

    /** The value of a setting, without outer blanks; empty if it is not set. */
    public String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no setting " + key);
        }
        return value;
    }

    /** The setting as people know it, and the file and line that set it; for messages. */
    public String name(String key) {
        Setting setting = raw.get(key);
        return setting == null ? variable(key) : setting.name();
    }

    /** A file or folder; a relative one is meant from the working folder. */
    public Path path(String key) {
        String text = text(key);
        if (text.isEmpty()) {
            throw Values.wrong(name(key), text, "a file or folder", null);
        }
        try {
            return FilePaths.of(text);
        } catch (Problem noPath) {
            throw new Problem(Kind.USAGE, name(key) + ": " + noPath.sentence(), noPath);
        }
    }

    /** A whole number, within the bounds that its kind has. */
    public int number(String key) {
        SettingKinds.WholeNumber kind =
                kind(key) instanceof SettingKinds.WholeNumber number ? number : SettingKinds.WholeNumber.ANY;
        return kind.read(name(key), text(key));
    }

    /** A number of bytes, at least 1, or what its kind has as the least. */
    public long bytes(String key) {
        SettingKinds.Bytes kind = kind(key) instanceof SettingKinds.Bytes bytes ? bytes : SettingKinds.Bytes.ANY;
        return kind.read(name(key), text(key));
    }

    /** A time such as {@code 250ms}, {@code 5s}, {@code 2m}, {@code 1h}, within the bounds that its kind has. */
    public Duration duration(String key) {
        SettingKinds.Time kind = kind(key) instanceof SettingKinds.Time time ? time : SettingKinds.Time.ANY;
        return kind.read(name(key), text(key));
    }

    /** The values of all settings, by their keys. */
    public Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }
}
