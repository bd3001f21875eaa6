package io.bucketbrigade.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** Reads a field of a JSON body. */
public final class RequestBody {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * A text field that must be there.
     *
     * @throws Problem if the body is no JSON object, or lacks the field; the message names it
     */
    public String field(@Nullable String body, String name) {
        JsonNode json;
        try {
            json = JSON.readTree(body == null ? "" : body);
        } catch (JsonProcessingException e) {
            throw new Problem(Kind.USAGE, "The body is not JSON: " + e.getOriginalMessage() + ". " + example(name), e);
        }
        JsonNode value = json.path(name);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new Problem(
                    Kind.USAGE,
                    "The body lacks " + name + (value.isMissingNode() ? "" : " as a text that is not blank") + ". "
                            + example(name),
                    null,
                    0,
                    name,
                    null);
        }
        return value.asText();
    }

    private static String example(String name) {
        return "Send {\"" + name + "\": \"…\"}.";
    }
}
