package io.bucketbrigade.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.web.AccessRule.Access;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * One call that the contract knows.
 *
 * @param id its operationId; blank for what is observed, which no route answers
 * @param template its path as the contract has it
 * @param access what its caller needs; the key, if the contract doesn't say
 * @param takesBody whether it takes a JSON body
 * @param mediaTypes what its body may be, where that is read while it arrives ({@code x-body: streamed}, at the operation or at a media
 *     type of it); empty elsewhere
 * @param isDirect whether its route takes small bodies in the HTTP server's own thread ({@code x-body: direct}, at the operation)
 * @param events whether it answers with server-sent events ({@code x-answer: events})
 * @param parameters its parameters, as the contract describes them
 * @param answerHeaders the names of the headers of its answers
 */
record Operation(
        String id,
        String template,
        Access access,
        boolean takesBody,
        List<String> mediaTypes,
        boolean isDirect,
        boolean events,
        List<JsonNode> parameters,
        List<String> answerHeaders) {
    private static Access access(String said) {
        return switch (said) {
            case "open" -> Access.OPEN;
            case "read" -> Access.READ;
            default -> Access.WRITE;
        };
    }

    private static boolean isStreamed(JsonNode described) {
        return described.path("x-body").asText().equals("streamed");
    }

    /** Whether a body of that media type is read while it arrives. */
    boolean streams(String mediaType) {
        return mediaTypes.contains(mediaType) || (!takesBody && !mediaTypes.isEmpty());
    }

    static Operation of(JsonNode operation, String template, JsonNode contract) {
        JsonNode body = Contract.described(operation.path("requestBody"), contract);
        boolean allStreamed = isStreamed(operation);
        Map<Boolean, List<String>> streamed = body.path("content").properties().stream()
                .collect(Collectors.partitioningBy(
                        type -> allStreamed || isStreamed(type.getValue()),
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return new Operation(
                operation.path("operationId").asText(),
                template,
                access(operation.path("x-access").asText()),
                !streamed.getOrDefault(false, List.of()).isEmpty(),
                streamed.getOrDefault(true, List.of()),
                operation.path("x-body").asText().equals("direct"),
                operation.path("x-answer").asText().equals("events"),
                Contract.parametersOf(operation, contract),
                StreamSupport.stream(operation.path("responses").spliterator(), false)
                        .flatMap(answer -> Contract.described(answer, contract).path("headers").properties().stream())
                        .map(Map.Entry::getKey)
                        .toList());
    }
}
