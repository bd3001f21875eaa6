package io.bucketbrigade.settings;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.SettingsFile.Line;
import io.bucketbrigade.settings.SettingsFile.Lost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the settings together, the later the stronger: application.properties, the {@code *.properties} beside each
 * pipeline's routes, brigade.properties in the working folder, the environment, and what a command sets itself.
 */
public final class SettingsLoader {
    /** Read by the start script, before there are settings. */
    private static final List<String> OF_THE_SCRIPT = List.of("BRIGADE_HOME", "BRIGADE_JAVA_OPTIONS");
    /** In front of the key of a setting, it declares what that must be. */
    private static final String KIND = "kind.";

    private final Map<String, Setting> settings = new TreeMap<>();
    private final Map<String, SettingKind> kinds = new HashMap<>();
    private final Map<String, String> keyOfVariable = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new TreeMap<>();
    private final SortedSet<String> pipelines = new TreeSet<>();
    private final Map<String, String> pipelineOfKey = new HashMap<>();
    private final List<String> prefixes = new ArrayList<>(List.of("BRIGADE_"));
    private final List<String> warnings = new ArrayList<>();

    /**
     * Loads all settings.
     *
     * @param home the folder with routes/ and samples/
     * @param workingFolder where brigade.properties may be
     * @param environment the environment's variables
     * @param overrides keys that the command itself sets; the strongest
     * @throws Problem if a file can't be read
     */
    public static Settings load(
            Path home, Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
        return new SettingsLoader().loadAll(home, workingFolder, environment, overrides);
    }

    private Settings loadAll(
            Path home, Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
        define(builtIn(), "");
        define(List.of(new Line(0, "brigade.home", home.toString(), null)), "");
        Set<String> shared = Set.copyOf(settings.keySet());
        defineBeside(home.resolve("routes"));
        Path ownFile = workingFolder.resolve("brigade.properties");
        boolean hasOwnFile = Files.exists(ownFile);
        String further =
                environment.getOrDefault("BRIGADE_ROUTES", hasOwnFile ? inFile(ownFile, "brigade.routes") : "");
        folder(further).ifPresent(this::defineBeside);
        settings.keySet().stream()
                .filter(key -> !shared.contains(key))
                .map(this::prefix)
                .distinct()
                .forEach(prefixes::add);
        if (hasOwnFile) {
            List<Line> lines = SettingsFile.read(ownFile, this::isSetting);
            lines.forEach(line -> overrideFromFile(line, ownFile.toString()));
            lines.forEach(line -> readSecretOf(line, ownFile.toString(), lines));
        }
        environment.forEach((variable, value) -> overrideFromEnvironment(variable, value, environment));
        environment.forEach((variable, path) ->
                readSecret(variable, variable, path, environment.getOrDefault(SecretFile.settingOf(variable), "")));
        overrides.forEach((key, value) -> {
            settings.computeIfPresent(key, (same, setting) -> setting.with(value, ""));
            unreadable.remove(key);
        });
        return new Settings(
                settings,
                unreadable,
                new Settings.Loaded(
                        home, Map.copyOf(kinds), shared, pipelines, Map.copyOf(pipelineOfKey), List.copyOf(warnings)));
    }

    private boolean isSetting(String key) {
        return keyOfVariable.containsKey(Settings.variable(key))
                || secretOf(Settings.variable(key)).isPresent();
    }

    private String inFile(Path file, String key) {
        return SettingsFile.read(file, this::isSetting).stream()
                .filter(line -> Settings.variable(line.key()).equals(Settings.variable(key)))
                .map(Line::value)
                .reduce("", (earlier, later) -> later);
    }

    /** The folder of that name; none if there can't be one, for which its setting is refused when it is checked. */
    private static Optional<Path> folder(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(FilePaths.of(text.strip()));
        } catch (Problem noPath) {
            return Optional.empty();
        }
    }

    private static List<Line> builtIn() {
        try (InputStream in = SettingsLoader.class.getResourceAsStream("/application.properties")) {
            if (in == null) {
                throw new IllegalStateException("application.properties is not in the program");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return SettingsFile.parse("application.properties", text, key -> false);
        } catch (IOException e) {
            throw new Problem(Kind.INTERNAL, "application.properties can't be read from the program", e);
        }
    }

    /** Takes in all settings below a folder with routes. */
    private void defineBeside(Path routes) {
        List<Path> folders = Pipelines.folders(routes);
        folders.forEach(folder -> pipelines.add(String.valueOf(folder.getFileName())));
        for (Path file : FolderTree.files(routes)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".properties") && !Pipeline.isSample(routes.relativize(file))) {
                List<Line> lines = SettingsFile.read(file, this::isSetting);
                define(lines, file.toString());
                folders.stream()
                        .filter(file::startsWith)
                        .findFirst()
                        .map(folder -> String.valueOf(folder.getFileName()))
                        .ifPresent(pipeline -> lines.forEach(line -> pipelineOfKey.put(line.key(), pipeline)));
            }
        }
    }

    /** @param file the file that the lines come from; blank for the program's own */
    private void define(List<Line> lines, String file) {
        Map<String, Line> declarations = new LinkedHashMap<>();
        for (Line line : lines) {
            if (line.key().startsWith(KIND)) {
                declarations.put(line.key().substring(KIND.length()), line);
            } else {
                String place = place(file, line);
                Setting setting = new Setting(line.key(), line.value(), line.value(), place, false);
                Setting earlier = settings.get(line.key());
                set(setting, line.lost());
                if (earlier != null
                        && !earlier.place().isEmpty()
                        && !earlier.place().startsWith(file + ", ")) {
                    unreadable.put(
                            line.key(),
                            setting.name() + " is defined in " + earlier.place() + ", too. Rename one of them.");
                }
                keyOfVariable.put(Settings.variable(line.key()), line.key());
            }
        }
        declarations.forEach((key, line) -> declare(key, line, file));
    }

    private static String place(String file, Line line) {
        return file.isEmpty() ? "" : file + ", line " + line.number();
    }

    /** What the variables of a key and of those beside it begin with: the name of their pipeline, or else the first word. */
    private String prefix(String key) {
        String pipeline = Settings.variable(pipelineOfKey.getOrDefault(key, "")) + "_";
        return Settings.variable(key).startsWith(pipeline)
                ? pipeline
                : Settings.variable(key.substring(0, Math.max(0, key.indexOf('.')))) + "_";
    }

    private void declare(String key, Line line, String file) {
        try {
            if (!settings.containsKey(key)) {
                String meant = Suggestion.of(key, settings.keySet());
                throw new Problem(
                        Kind.USAGE,
                        "the kind of " + key + ", but there is no such setting" + (meant.isEmpty() ? "." : meant));
            }
            kinds.put(key, SettingKinds.of(line.value().strip()));
        } catch (Problem problem) {
            unreadable.put(line.key(), line.key() + " (" + place(file, line) + ") is " + problem.sentence());
        }
    }

    /** Sets a setting, unless its line can't be read as it is meant. */
    private void set(Setting setting, @Nullable Lost lost) {
        unreadable.remove(setting.key());
        if (lost == null) {
            settings.put(setting.key(), setting);
        } else {
            settings.putIfAbsent(setting.key(), setting);
            unreadable.put(setting.key(), lost(setting, lost));
        }
    }

    private String lost(Setting setting, Lost lost) {
        String path = setting.value().replace("\\\\", "\\");
        String advice = kinds.get(setting.key()) instanceof PlaceKind
                ? "Write " + path.replace('\\', '/') + ", or double each backslash: " + path.replace("\\", "\\\\")
                : Lost.ADVICE;
        return setting.name() + lost.what() + advice + ".";
    }

    private void overrideFromFile(Line line, String file) {
        String variable = Settings.variable(line.key());
        String key = keyOfVariable.get(variable);
        String place = place(file, line);
        if (key == null) {
            if (secretOf(variable).isEmpty()) {
                warnings.add(unknown(variable, " in " + place + ",", meant(variable)));
            }
        } else {
            set(setting(key).with(line.value(), place), line.lost());
        }
    }

    private void overrideFromEnvironment(String variable, String value, Map<String, String> environment) {
        if (OF_THE_SCRIPT.contains(variable)) {
            return;
        }
        String key = keyOfVariable.get(variable);
        if (key != null) {
            boolean inFile = value.isBlank()
                    && !environment
                            .getOrDefault(variable + SecretFile.ENDING, "")
                            .isBlank();
            if (!inFile && !PlatformVariables.isAddressOfService(variable, value)) {
                set(setting(key).with(value, ""), null);
            }
            return;
        }
        if (secretOf(variable).isPresent()) {
            return;
        }
        String inCapitals = Settings.variable(variable);
        boolean otherCase = keyOfVariable.containsKey(inCapitals) || OF_THE_SCRIPT.contains(inCapitals);
        List<String> meant = otherCase ? List.of(inCapitals) : meant(inCapitals);
        boolean unknown = !meant.isEmpty() || inCapitals.startsWith("BRIGADE_");
        if (unknown
                && !PlatformVariables.include(variable, environment)
                && !PlatformVariables.isAddressOfService(variable, value)) {
            warnings.add(unknown(variable, " in the environment", meant));
        }
    }

    /** The secret setting whose file a variable names, unless it is a setting itself. */
    private Optional<String> secretOf(String variable) {
        return Optional.ofNullable(keyOfVariable.get(SecretFile.settingOf(variable)))
                .filter(key -> !keyOfVariable.containsKey(variable))
                .filter(key -> kinds.getOrDefault(key, SettingKinds.TEXT).isSecret());
    }

    private void readSecretOf(Line line, String file, List<Line> lines) {
        String variable = Settings.variable(line.key());
        String direct = lines.stream()
                .filter(other -> Settings.variable(other.key()).equals(SecretFile.settingOf(variable)))
                .map(Line::value)
                .reduce("", (earlier, later) -> later);
        readSecret(variable, variable + " (" + place(file, line) + ")", line.value(), direct);
    }

    /**
     * Sets a secret to what is in a file.
     *
     * @param name the variable as people know it
     * @param path the file; blank if there is none
     * @param direct the value that the secret is set to in the same place; blank if it is not
     */
    private void readSecret(String variable, String name, String path, String direct) {
        String key = secretOf(variable).orElse("");
        if (key.isEmpty() || path.isBlank()) {
            return;
        }
        try {
            set(setting(key).withContent(SecretFile.read(name, path.strip(), direct), path.strip()), null);
        } catch (Problem problem) {
            unreadable.put(key, problem.sentence());
        }
    }

    private Setting setting(String key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new IllegalStateException("no setting " + key);
        }
        return setting;
    }

    private static String unknown(String variable, String where, List<String> meant) {
        return variable + where + " is not a setting and is ignored. "
                + (meant.isEmpty()
                        ? "docs/CONFIGURATION.md lists the settings."
                        : "Did you mean " + String.join(" or ", meant) + "?");
    }

    /** What belongs to AWS or Camel may be meant for other programs, and is not checked. */
    private List<String> meant(String variable) {
        return NearName.of(variable, keyOfVariable.keySet(), prefixes);
    }
}
