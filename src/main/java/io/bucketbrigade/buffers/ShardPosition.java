package io.bucketbrigade.buffers;

import java.time.Instant;

/**
 * How far a shard has been read.
 *
 * @param shard its name
 * @param position as the buffer itself has given it; empty for the beginning
 * @param readUntil when the buffer got the last row of which it is known that it and all before it were read
 */
public record ShardPosition(String shard, String position, Instant readUntil) {}
