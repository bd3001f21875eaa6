package io.bucketbrigade.telling;

/**
 * What is told about a run, by one way.
 *
 * @param id its number
 * @param runId the run it is about
 * @param way how it goes out: {@code mail} or {@code sns}
 * @param subject one line
 * @param body plain text
 * @param attempts how many times it was tried to send it, this time included
 */
public record Letter(long id, long runId, String way, String subject, String body, int attempts) {}
