package io.bucketbrigade.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Reads a pipeline.yaml, in which every key must be a known one. */
final class PipelineFile {
    private static final ObjectReader READER = YamlFile.YAML.readerFor(Definition.class);

    private PipelineFile() {}

    /**
     * Reads it.
     *
     * @throws Problem if it can't be read, or says what no pipeline can be; with file, line and key
     */
    static Definition read(Path file) {
        Definition definition = parse(file);
        definition
                .entries()
                .filter(entry -> entry.value() == null || entry.value().isBlank())
                .findFirst()
                .ifPresent(entry -> {
                    throw YamlFile.problem(file, entry.key(), "the key " + entry.key() + " is missing.");
                });
        InputFiles inputs = definition.inputs();
        List<InputFile> files = inputs == null ? List.of() : inputs.files();
        for (int at = 0; at < files.size(); at++) {
            String wrong = files.get(at).problem();
            if (wrong != null) {
                String key = "inputs.files[" + at + "]";
                throw YamlFile.problem(file, key, key + ": " + wrong + ".");
            }
        }
        return definition;
    }

    private static Definition parse(Path file) {
        try {
            Definition definition = READER.readValue(Files.readString(file));
            if (definition == null) {
                throw new Problem(Kind.USAGE, file + " is empty.");
            }
            return definition;
        } catch (UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            String key = path(unknown);
            throw YamlFile.problem(file, key, "the key " + key + " is unknown. Known keys are " + known + ".");
        } catch (JsonMappingException mismatch) {
            if (mismatch.getCause() instanceof StreamReadException invalid) {
                throw YamlFile.notYaml(file, invalid);
            }
            String key = path(mismatch);
            throw YamlFile.problem(file, key, (key.isEmpty() ? "this" : key) + " must be " + kind(mismatch) + ".");
        } catch (JacksonException invalid) {
            throw YamlFile.notYaml(file, invalid);
        } catch (IOException e) {
            throw new Problem(Kind.USAGE, file + " can't be read.", e);
        }
    }

    private static String kind(JsonMappingException mismatch) {
        Class<?> type = mismatch instanceof MismatchedInputException input ? input.getTargetType() : null;
        if (type == null || type == String.class) {
            return "a text";
        }
        if (type == int.class) {
            return "a whole number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        return List.class.isAssignableFrom(type) ? "a list" : "a mapping";
    }

    private static String path(JsonMappingException mismatch) {
        return mismatch.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
