package io.bucketbrigade.pipelines.leaderboard;

/**
 * One author's place in the ranking.
 *
 * @param userId the author's id, as the files have it
 * @param messages how many messages the author sent
 * @param name first and last name; empty if users.csv doesn't know the author
 */
public record Standing(String userId, long messages, String name) {}
