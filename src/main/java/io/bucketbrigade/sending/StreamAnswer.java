package io.bucketbrigade.sending;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a stream answers.
 *
 * @param counts what became of the rows
 * @param log what the log is known by in which they are; blank if the stream does not say it
 */
record StreamAnswer(JsonNode counts, String log) {}
