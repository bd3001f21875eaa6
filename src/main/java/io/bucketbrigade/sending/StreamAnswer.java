package io.bucketbrigade.sending;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a stream answers.
 *
 * @param counts what became of the rows
 * @param log what the log is known by that has them, or will have them; blank if the stream does not say it
 */
record StreamAnswer(JsonNode counts, String log) {}
