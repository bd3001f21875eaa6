package io.bucketbrigade.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads fields of a JSON body. */
public final class RequestBody {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * A text field that must be there.
     *
     * @throws Problem if the body is not a JSON object, or the field is missing; the message names it
     */
    public String field(@Nullable String body, String name) {
        JsonNode value = read(body, example(name)).path(name);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new Problem(
                    Kind.USAGE,
                    (value.isMissingNode()
                                    ? "The body is missing the field " + name + ". "
                                    : "The field " + name + " of the body must be a text that is not blank. ")
                            + example(name),
                    null,
                    0,
                    name,
                    null);
        }
        return value.asText();
    }

    /**
     * A list of texts that must be there.
     *
     * @throws Problem if the body is not a JSON object, or the list is missing; the message names it
     */
    public List<String> texts(@Nullable String body, String name) {
        String example = "Send {\"" + name + "\": [\"…\", \"…\"]}.";
        JsonNode list = read(body, example).path(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode value : list) {
            if (value.isTextual()) {
                texts.add(value.asText());
            }
        }
        if (!list.isArray() || texts.size() < list.size()) {
            throw new Problem(
                    Kind.USAGE,
                    "The field " + name + " of the body must be a list of texts. " + example,
                    null,
                    0,
                    name,
                    null);
        }
        return texts;
    }

    /**
     * A truth value, false if it is not there.
     *
     * @throws Problem if the body is not a JSON object, or it is something else; the message names it
     */
    public boolean flag(@Nullable String body, String name) {
        String example = "Send {\"" + name + "\": true}.";
        JsonNode value = read(body, example).path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new Problem(
                    Kind.USAGE,
                    "The field " + name + " of the body must be true or false. " + example,
                    null,
                    0,
                    name,
                    null);
        }
        return value.asBoolean();
    }

    private static JsonNode read(@Nullable String body, String example) {
        try {
            return JSON.readTree(body == null ? "" : body);
        } catch (JsonProcessingException e) {
            throw new Problem(Kind.USAGE, "The body is not JSON. " + example, e);
        }
    }

    private static String example(String name) {
        return "Send {\"" + name + "\": \"…\"}.";
    }
}
