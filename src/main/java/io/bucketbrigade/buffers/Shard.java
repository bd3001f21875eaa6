package io.bucketbrigade.buffers;

import java.util.List;

/**
 * A part of a buffer whose rows keep their order.
 *
 * @param id its name, which no other part ever has
 * @param parents the parts whose rows come before its own
 */
public record Shard(String id, List<String> parents) {
    public Shard {
        parents = List.copyOf(parents);
    }
}
