package io.bucketbrigade.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the YAML files of pipelines, and says where in them something is wrong. */
public final class YamlFile {
    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private YamlFile() {}

    /**
     * All that a file says.
     *
     * @throws Problem if it can't be read, is empty or is not YAML; with file and line
     */
    public static JsonNode tree(Path file) {
        try {
            JsonNode tree = YAML.readTree(Files.readString(file));
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                throw at(file, 0, "the file is empty.");
            }
            return tree;
        } catch (JacksonException invalid) {
            throw notYaml(file, invalid);
        } catch (IOException e) {
            throw at(file, 0, "the file can't be read as text in UTF-8.");
        }
    }

    static Problem notYaml(Path file, JacksonException invalid) {
        String why = invalid.getOriginalMessage().lines().findFirst().orElse("");
        JsonLocation at = invalid.getLocation();
        return at(file, at == null ? 0 : at.getLineNr(), "this is not YAML: " + why + ".");
    }

    /**
     * A problem with what a key says, or with a key that is missing.
     *
     * @param key the keys that lead to it, such as {@code inputs.files[0].name}; one that has points of its own is in single quotes
     * @param what what is wrong and what to do, as a sentence without a capital
     */
    public static Problem problem(Path file, String key, String what) {
        return at(file, YamlLines.of(text(file), key), what);
    }

    private static @Nullable String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return null;
        }
    }

    private static Problem at(Path file, int line, String what) {
        return new Problem(
                Kind.USAGE,
                file + (line > 0 ? ", line " + line : "") + ": " + what,
                file.toString(),
                Math.max(0, line),
                null,
                null);
    }
}
