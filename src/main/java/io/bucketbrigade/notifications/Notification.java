package io.bucketbrigade.notifications;

/**
 * What is sent about a run, by one channel.
 *
 * @param id its number
 * @param runId the run it is about
 * @param pipeline whose run that is
 * @param channel how it goes out: {@code mail} or {@code sns}
 * @param subject one line
 * @param body plain text
 * @param attempts how many times it was tried to send it, this time included
 */
public record Notification(
        long id, long runId, String pipeline, String channel, String subject, String body, int attempts) {}
