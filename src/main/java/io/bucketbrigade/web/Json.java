package io.bucketbrigade.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Writes answers. */
public final class Json {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A record or a map as a JSON object.
     *
     * @throws JsonProcessingException if it is nothing that JSON can say
     */
    public String of(Object answer) throws JsonProcessingException {
        return JSON.writeValueAsString(answer);
    }
}
