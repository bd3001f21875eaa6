package io.bucketbrigade.pipelines.leaderboard;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The order of a ranking: by messages, ties by user id, as numbers where all ids are whole numbers, else as text.
 *
 * <p>What is sorted are longs that hold the messages in their upper bits and the author's number in the lower ones, so that
 * millions of authors are sorted without an object for each. Only authors with the same number of messages are then
 * compared by id.
 */
final class BoardOrder {
    private final int size;
    private final IntFunction<String> userIds;
    private final int numberBits;
    /** The ids as numbers, if all are plain ones. */
    private final long @Nullable [] plainIds;

    private final boolean allNumbers;

    private BoardOrder(int size, IntFunction<String> userIds) {
        this.size = size;
        this.userIds = userIds;
        this.numberBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
        this.plainIds = UserIds.plainNumbers(size, userIds);
        this.allNumbers = plainIds == null && UserIds.allWholeNumbers(size, userIds);
    }

    /**
     * Fewest messages first.
     *
     * @param size how many authors; they are numbered from 0
     * @return the authors' numbers in their order
     */
    static int[] fewestFirst(int size, IntToLongFunction messages, IntFunction<String> userIds) {
        return new BoardOrder(size, userIds).sort(messages);
    }

    /** Most messages first; ties as in {@link #fewestFirst}. */
    static int[] mostFirst(int size, IntToLongFunction messages, IntFunction<String> userIds) {
        long most = 0;
        for (int author = 0; author < size; author++) {
            most = Math.max(most, messages.applyAsLong(author));
        }
        long top = most;
        return new BoardOrder(size, userIds).sort(author -> top - messages.applyAsLong(author));
    }

    private int[] sort(IntToLongFunction messages) {
        long[] keys = new long[size];
        for (int author = 0; author < size; author++) {
            keys[author] = key(messages.applyAsLong(author), author);
        }
        Arrays.parallelSort(keys);
        for (int from = 0; from < size; ) {
            int to = from + 1;
            while (to < size && keys[to] >>> numberBits == keys[from] >>> numberBits) {
                to++;
            }
            if (to - from > 1) {
                sortTies(keys, from, to);
            }
            from = to;
        }
        int[] order = new int[size];
        for (int place = 0; place < size; place++) {
            order[place] = author(keys[place]);
        }
        return order;
    }

    private long key(long value, int author) {
        if (value >>> (Long.SIZE - 1 - numberBits) != 0) {
            throw new IllegalStateException(value + " is too much to be ranked among " + size + " authors");
        }
        return value << numberBits | author;
    }

    private int author(long key) {
        return (int) (key & ((1L << numberBits) - 1));
    }

    private void sortTies(long[] keys, int from, int to) {
        if (plainIds != null && sortAsSmallNumbers(plainIds, keys, from, to)) {
            return;
        }
        Tie[] ties = new Tie[to - from];
        for (int at = from; at < to; at++) {
            String userId = userIds.apply(author(keys[at]));
            ties[at - from] = new Tie(keys[at], userId, plainIds != null || allNumbers ? new BigInteger(userId) : null);
        }
        Comparator<Tie> asText = Comparator.comparing(Tie::userId);
        Arrays.sort(
                ties,
                plainIds != null || allNumbers
                        ? Comparator.comparing(Tie::number, Comparator.nullsFirst(Comparator.naturalOrder()))
                                .thenComparing(asText)
                        : asText);
        for (int at = from; at < to; at++) {
            keys[at] = ties[at - from].key();
        }
    }

    private record Tie(long key, String userId, @Nullable BigInteger number) {}

    /** The same with longs that hold id and author; false if they don't fit. */
    private boolean sortAsSmallNumbers(long[] ids, long[] keys, int from, int to) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int at = from; at < to; at++) {
            long id = ids[author(keys[at])];
            least = Math.min(least, id);
            most = Math.max(most, id);
        }
        if ((most - least) >>> (Long.SIZE - 1 - numberBits) != 0) {
            return false;
        }
        long messages = keys[from] >>> numberBits;
        for (int at = from; at < to; at++) {
            int author = author(keys[at]);
            keys[at] = key(ids[author] - least, author);
        }
        Arrays.parallelSort(keys, from, to);
        for (int at = from; at < to; at++) {
            keys[at] = key(messages, author(keys[at]));
        }
        return true;
    }
}
