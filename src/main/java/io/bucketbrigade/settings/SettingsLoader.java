package io.bucketbrigade.settings;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Brings the settings together, the later the stronger: application.properties, the {@code *.properties} beside each
 * pipeline's routes, brigade.properties in the working folder, the environment, and what a command sets itself.
 */
public final class SettingsLoader {
    /** Read by the start script, before there are settings. */
    private static final List<String> OF_THE_SCRIPT = List.of("BRIGADE_HOME", "BRIGADE_JAVA_OPTIONS");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> keyOfVariable = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Loads all settings.
     *
     * @param home the folder with routes/ and samples/
     * @param workingFolder where brigade.properties may lie
     * @param environment the environment's variables
     * @param overrides keys that the command itself sets; the strongest
     * @throws Problem if a file can't be read or a value refers to a setting that doesn't exist
     */
    public static Settings load(
            Path home, Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
        return new SettingsLoader().loadAll(home, workingFolder, environment, overrides);
    }

    private Settings loadAll(
            Path home, Path workingFolder, Map<String, String> environment, Map<String, String> overrides) {
        define(builtIn());
        define(Map.of("brigade.home", home.toString()));
        for (Path file : propertiesBeside(home.resolve("routes"))) {
            define(read(file));
        }
        Map<String, String> own = new LinkedHashMap<>();
        Path ownFile = workingFolder.resolve("brigade.properties");
        if (Files.exists(ownFile)) {
            read(ownFile).forEach((key, value) -> own.put(Settings.variable(key), value));
        }
        String further = environment.getOrDefault("BRIGADE_ROUTES", own.getOrDefault("BRIGADE_ROUTES", ""));
        if (!further.isBlank()) {
            if (!Files.isDirectory(FilePaths.of(further))) {
                throw new Problem(Kind.USAGE, "BRIGADE_ROUTES is '" + further + "', which is no folder.");
            }
            propertiesBeside(FilePaths.of(further)).forEach(file -> define(read(file)));
        }
        own.forEach((variable, value) -> override(variable, value, ownFile.toString()));
        environment.forEach((variable, value) -> {
            boolean ours = keyOfVariable.containsKey(variable) || variable.startsWith("BRIGADE_");
            if (ours && !OF_THE_SCRIPT.contains(variable)) {
                override(variable, value, "the environment");
            }
        });
        values.putAll(overrides);
        return new Settings(values, warnings, home);
    }

    private void define(Map<String, String> defaults) {
        defaults.forEach((key, value) -> {
            values.put(key, value);
            keyOfVariable.put(Settings.variable(key), key);
        });
    }

    private void override(String variable, String value, String where) {
        String key = keyOfVariable.get(variable);
        if (key == null) {
            warnings.add(variable + " in " + where + " is not a setting of Bucket Brigade; it is ignored. README.md has"
                    + " the table of settings.");
        } else {
            values.put(key, value);
        }
    }

    private static Map<String, String> builtIn() {
        try (InputStream in = SettingsLoader.class.getResourceAsStream("/application.properties")) {
            if (in == null) {
                throw new IllegalStateException("application.properties is not in the program");
            }
            Properties properties = new Properties();
            properties.load(in);
            return map(properties);
        } catch (IOException e) {
            throw new Problem(Kind.INTERNAL, "application.properties can't be read from the program", e);
        }
    }

    private static Map<String, String> read(Path file) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            Properties properties = new Properties();
            properties.load(reader);
            return map(properties);
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Kind.USAGE, file + " can't be read as settings: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> map(Properties properties) {
        Map<String, String> map = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key, "")));
        return map;
    }

    private static List<Path> propertiesBeside(Path routes) {
        if (!Files.isDirectory(routes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(routes)) {
            return files.filter(file -> file.toString().endsWith(".properties"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem(Kind.USAGE, routes + " can't be read: " + e.getMessage(), e);
        }
    }
}
