package io.bucketbrigade.pipelines.leaderboard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of authors, who are known by their place in a tally. They stand one after the other in chunks of memory, each
 * behind its length, because there may be millions of them.
 */
final class Names {
    private static final int CHUNK = 1 << 20;
    /** Names start at multiples of this, so that an int reaches 16 GiB. */
    private static final int GRAIN = 8;

    private static final int GRAINS_PER_CHUNK = CHUNK / GRAIN;

    /** Per place the grain at which its name stands, and one; 0 if it has none. */
    private final int[] grains;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private int given;

    /** @param places authors' places are below this */
    Names(int places) {
        grains = new int[places];
    }

    /** Gives the author at that place a name; says whether there was one before, which is forgotten. */
    boolean give(int place, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer chunk = chunkFor(Integer.BYTES + bytes.length);
        int grain = (chunks.size() - 1) * GRAINS_PER_CHUNK + chunk.position() / GRAIN;
        chunk.putInt(bytes.length).put(bytes);
        chunk.position(Math.min(chunk.limit(), (chunk.position() + GRAIN - 1) / GRAIN * GRAIN));
        boolean repeated = grains[place] != 0;
        grains[place] = Math.addExact(grain, 1);
        if (!repeated) {
            given++;
        }
        return repeated;
    }

    private ByteBuffer chunkFor(int room) {
        if (chunks.isEmpty() || chunks.get(chunks.size() - 1).remaining() < room) {
            chunks.add(ByteBuffer.allocate(Math.max(CHUNK, room)));
        }
        return chunks.get(chunks.size() - 1);
    }

    /** The name of the author at that place; empty if it has none. */
    String of(int place) {
        int grain = grains[place] - 1;
        if (grain < 0) {
            return "";
        }
        ByteBuffer chunk = chunks.get(grain / GRAINS_PER_CHUNK);
        int at = grain % GRAINS_PER_CHUNK * GRAIN;
        byte[] bytes = new byte[chunk.getInt(at)];
        chunk.get(at + Integer.BYTES, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** How many authors have a name. */
    int given() {
        return given;
    }
}
