package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Records;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of authors, who are known by their place in a tally. They are kept one after the other in chunks of memory, each
 * behind its length, because there may be millions of them.
 */
final class AuthorNames {
    private static final int CHUNK = 1 << 20;
    /** Names start at multiples of this, so that an int reaches 16 GiB. */
    private static final int GRAIN = 8;

    private static final int GRAINS_PER_CHUNK = CHUNK / GRAIN;

    /** Per place the grain at which its name begins, and one; 0 if it has none. */
    private final int[] grains;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private int given;
    /** The grain at which the name starts that is being given. */
    private int started;

    /** @param places authors' places are below this */
    AuthorNames(int places) {
        grains = new int[places];
    }

    /** Gives the author at that place a name; says whether there was one before, which is forgotten. */
    boolean give(int place, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer chunk = begin(bytes.length);
        return end(place, chunk.put(bytes));
    }

    /** The same with first and last name as fields of a row that are plain. */
    boolean give(int place, Records row, int firstName, int lastName) {
        int first = row.end(firstName) - row.start(firstName);
        int last = row.end(lastName) - row.start(lastName);
        ByteBuffer chunk = begin(first + 1 + last);
        chunk.put(row.bytes(), row.start(firstName), first).put((byte) ' ');
        return end(place, chunk.put(row.bytes(), row.start(lastName), last));
    }

    private ByteBuffer begin(int length) {
        ByteBuffer chunk = chunkFor(Integer.BYTES + length);
        started = Math.addExact(Math.multiplyExact(chunks.size() - 1, GRAINS_PER_CHUNK), chunk.position() / GRAIN);
        return chunk.putInt(length);
    }

    private boolean end(int place, ByteBuffer chunk) {
        chunk.position(Math.min(chunk.limit(), (chunk.position() + GRAIN - 1) / GRAIN * GRAIN));
        boolean repeated = grains[place] != 0;
        grains[place] = Math.addExact(started, 1);
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

    /** Whether the author at that place has a name, be it blank. */
    boolean has(int place) {
        return grains[place] != 0;
    }

    /** How many authors have a name. */
    int given() {
        return given;
    }
}
