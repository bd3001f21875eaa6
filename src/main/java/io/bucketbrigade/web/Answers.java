package io.bucketbrigade.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * What the answers of all routes have in common: they carry the headers that the route has set, and none that came with the request;
 * they are JSON unless the route says something else; records, maps and lists are written so.
 */
final class Answers {
    private static final String JSON_TYPE = "application/json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Answers() {}

    /**
     * Prepares a call: its answer is JSON as long as the route says nothing else.
     *
     * @return the headers that the route is called with
     */
    static Map<String, Object> prepare(Message call) {
        call.removeHeader(Exchange.CONTENT_TYPE);
        Map<String, Object> asked = new HashMap<>(call.getHeaders());
        // Camel would name all media types of the contract.
        call.setHeader(Exchange.CONTENT_TYPE, JSON_TYPE);
        return asked;
    }

    /**
     * Completes an answer.
     *
     * @param asked the headers that the route was called with
     */
    static void complete(Message answer, Map<String, Object> asked) {
        answer.getHeaders().entrySet().removeIf(header -> asked.get(header.getKey()) == header.getValue());
        Object body = answer.getBody();
        if (body instanceof String text) {
            answer.setBody(text.getBytes(StandardCharsets.UTF_8));
        } else if (body instanceof Map || body instanceof Collection || body instanceof Record) {
            try {
                answer.setBody(JSON.writeValueAsBytes(body));
            } catch (JsonProcessingException e) {
                ProblemJson.answer(answer, e);
            }
        }
    }
}
