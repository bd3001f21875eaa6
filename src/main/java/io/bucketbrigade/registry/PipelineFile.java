package io.bucketbrigade.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.Definition.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads a pipeline.yaml, in which every key must be a known one. */
final class PipelineFile extends DeserializationProblemHandler {
    private static final ObjectReader READER = YamlFile.YAML.readerFor(Definition.class);

    private final Path file;
    private final Consumer<Problem> faults;
    /** The keys that were meant by misspelt ones, and are not missing. */
    private final Set<String> meant = new HashSet<>();

    private PipelineFile(Path file, Consumer<Problem> faults) {
        this.file = file;
        this.faults = faults;
    }

    /**
     * Reads it.
     *
     * @throws Problem if it can't be read, or says what no pipeline can be; with file, line and key
     */
    static Definition read(Path file) {
        List<Problem> faults = new ArrayList<>();
        Definition definition = read(file, faults::add);
        if (!faults.isEmpty()) {
            throw faults.get(0);
        }
        return definition;
    }

    /**
     * Reads it.
     *
     * @param faults gets what is wrong but keeps nobody from reading on
     * @throws Problem if it can't be read further; with file, line and key
     */
    static Definition read(Path file, Consumer<Problem> faults) {
        PipelineFile reading = new PipelineFile(file, faults);
        Definition definition = reading.parse();
        reading.check(definition);
        return definition;
    }

    private void check(Definition definition) {
        definition
                .entries()
                .filter(entry -> entry.value() == null || entry.value().isBlank())
                .filter(entry -> !meant.contains(entry.key()))
                .forEach(entry -> fault(entry.key(), "the key " + entry.key() + " is missing."));
        RowStream stream = definition.stream();
        if (stream != null && stream.key() != null && !stream.columns().containsKey(stream.key())) {
            fault("stream.key", "stream.key: the key " + stream.key() + " is not one of the columns.");
        }
        Start start = definition.start();
        if (start.eachFile() != null
                && (start.marker() != null
                        || start.quiet() != null
                        || start.every() != null
                        || definition.runsPerDay() != null)) {
            fault(
                    "start.eachFile",
                    "start.eachFile: quiet, marker, every and runsPerDay are for runs that read all files; remove them.");
        }
        InputFiles inputs = definition.inputs();
        List<InputFile> files = inputs == null ? List.of() : inputs.files();
        for (int at = 0; at < files.size(); at++) {
            String wrong = files.get(at).problem();
            if (wrong != null) {
                String key = "inputs.files[" + at + "]";
                fault(key, key + ": " + wrong + ".");
            }
        }
    }

    private void fault(String key, String what) {
        faults.accept(YamlFile.problem(file, key, what));
    }

    private Definition parse() {
        String text = TextFile.read(file);
        try {
            Definition definition = READER.withHandler(this).readValue(text);
            if (definition == null) {
                throw YamlFile.problem(file, "", "the file is empty.");
            }
            return definition;
        } catch (JsonMappingException mismatch) {
            if (mismatch.getCause() instanceof StreamReadException
                    || mismatch.getOriginalMessage().startsWith("Trailing token")) {
                throw YamlFile.notYaml(file, text, mismatch);
            }
            String key = path(mismatch);
            throw YamlFile.problem(file, key, (key.isEmpty() ? "this" : key) + " must be " + kind(mismatch) + ".");
        } catch (JacksonException invalid) {
            throw YamlFile.notYaml(file, text, invalid);
        }
    }

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            JsonParser parser,
            JsonDeserializer<?> deserializer,
            Object beanOrClass,
            String name)
            throws IOException {
        String key = path(parser.getParsingContext(), name);
        Set<String> known = new TreeSet<>();
        deserializer.getKnownPropertyNames().forEach(one -> known.add(String.valueOf(one)));
        Suggestion.nearest(name, known).ifPresent(other -> meant.add(key.replaceFirst("[^.]*$", other)));
        String suggestion = Suggestion.of(name, known);
        fault(
                key,
                "the key " + key + " is unknown"
                        + (suggestion.isEmpty() ? ". Known keys are " + String.join(", ", known) + "." : suggestion));
        parser.skipChildren();
        return true;
    }

    private static String kind(JsonMappingException mismatch) {
        Class<?> type = mismatch instanceof MismatchedInputException input ? input.getTargetType() : null;
        if (type == null) {
            return "a mapping without empty entries";
        }
        if (type == String.class) {
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

    /** The path of the nearest key of that name, which the parser may be inside of. */
    private static String path(JsonStreamContext inside, String name) {
        StringBuilder path = new StringBuilder();
        boolean isFound = false;
        for (JsonStreamContext at = inside; at != null && !at.inRoot(); at = at.getParent()) {
            isFound = isFound || (at.inObject() && name.equals(at.getCurrentName()));
            if (isFound) {
                path.insert(0, at.inArray() ? "[" + at.getCurrentIndex() + "]" : "." + at.getCurrentName());
            }
        }
        return path.toString().replaceFirst("^\\.", "");
    }

    private static String path(JsonMappingException mismatch) {
        return mismatch.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }
}
