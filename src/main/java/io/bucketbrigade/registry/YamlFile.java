package io.bucketbrigade.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the YAML files of pipelines, and says where in them something is wrong. */
public final class YamlFile {
    static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(YamlNodes.DEEPEST)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern TWICE = Pattern.compile("Duplicate field '(.*)'");

    private YamlFile() {}

    /**
     * All that a file says.
     *
     * @throws Problem if it can't be read, is empty or is not YAML; with file and line
     */
    public static JsonNode tree(Path file) {
        String text = TextFile.read(file);
        try {
            JsonNode tree = YAML.readTree(text);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                throw at(file, 0, "the file is empty.");
            }
            return tree;
        } catch (JacksonException invalid) {
            throw notYaml(file, text, invalid);
        }
    }

    /**
     * The root of a file, whose nodes know their lines.
     *
     * @return null if there is nothing in it
     * @throws Problem if it can't be read, or is not YAML; with file and line
     */
    public static @Nullable Node root(Path file) {
        return root(file, TextFile.read(file));
    }

    private static @Nullable Node root(Path file, String text) {
        try {
            return YamlNodes.read(text);
        } catch (MarkedYamlEngineException invalid) {
            Mark mark = invalid.getProblemMark().or(invalid::getContextMark).orElse(null);
            throw at(file, mark == null ? 0 : mark.getLine() + 1, words(invalid, mark) + ".");
        } catch (YamlEngineException tooDeep) {
            throw at(
                    file,
                    0,
                    "it is nested more than " + YamlNodes.DEEPEST
                            + " levels deep, or an alias is part of what it stands for.");
        }
    }

    private static String words(MarkedYamlEngineException invalid, @Nullable Mark mark) {
        String problem = invalid.getProblem();
        String where = mark == null ? "" : " at column " + (mark.getColumn() + 1);
        if (problem.contains("found another document")) {
            return "another document begins here; a file holds only one, so remove the line ---";
        }
        if (problem.contains("TAB") || problem.contains("\\t")) {
            return "this is not YAML: a tab is used" + where + "; use spaces";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "this is not YAML: the colon" + where
                    + " can't be there; check the indentation, or put the value in quotes";
        }
        if (problem.contains("<block end>") || problem.contains("while scanning a simple key")) {
            return "this is not YAML: this line does not belong to anything above it; check its indentation";
        }
        return "this is not YAML" + where + "; check indentation, quotes and brackets up to this point";
    }

    /** What Jackson refused: in the words for all YAML, or what only Jackson minds. */
    static Problem notYaml(Path file, String text, JacksonException invalid) {
        try {
            root(file, text);
        } catch (Problem inWords) {
            return inWords;
        }
        JsonLocation place = invalid.getLocation();
        int line = place == null ? 0 : place.getLineNr();
        Matcher twice = TWICE.matcher(invalid.getOriginalMessage());
        return at(
                file,
                line,
                twice.find()
                        ? "the key " + twice.group(1) + " is repeated; remove one of them."
                        : "this is not YAML; check indentation, quotes and brackets up to this point.");
    }

    /**
     * A problem with what a key says, or with a key that is missing.
     *
     * @param key the keys that lead to it, such as {@code inputs.files[0].name}; one that has points of its own is in single quotes
     * @param what what is wrong and what to do, as a sentence without a capital
     */
    public static Problem problem(Path file, String key, String what) {
        return at(file, line(file, key), what);
    }

    private static int line(Path file, String key) {
        try {
            Node root = root(file);
            return root == null ? 0 : YamlLines.of(root, key);
        } catch (Problem changedSinceItWasRead) {
            return 0;
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
