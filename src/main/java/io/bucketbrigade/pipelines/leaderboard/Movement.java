package io.bucketbrigade.pipelines.leaderboard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who went up and who went down on the board between two runs. */
final class Movement {
    private static final int NEW = Integer.MIN_VALUE;

    private final long run;
    private final long since;
    /** By place, most messages first: how many places up; {@link #NEW} for who was not there. */
    private final int[] moves;

    private Movement(long run, long since, int[] moves) {
        this.run = run;
        this.since = since;
        this.moves = moves;
    }

    /** Nothing is known of the board before. */
    static Movement unknown(long run) {
        return new Movement(run, 0, new int[0]);
    }

    /**
     * Compares two boards.
     *
     * @param since the run that made the board before
     * @param order the authors' numbers, most messages first
     * @param before what the run changed, as {@link BoardChanges#read} gives it; it is used up
     */
    static Movement between(long run, long since, List<Standing> board, int[] order, Map<String, Long> before) {
        List<Standing> old = new ArrayList<>(board.size());
        int[] authors = new int[board.size() + before.size()];
        for (int author = 0; author < board.size(); author++) {
            Standing now = board.get(author);
            Long had = before.remove(now.userId());
            if (had == null || had != BoardChanges.ABSENT) {
                authors[old.size()] = author;
                old.add(had == null ? now : new Standing(now.userId(), had, ""));
            }
        }
        int stayed = old.size();
        before.forEach((userId, messages) -> old.add(new Standing(userId, messages, "")));
        int[] oldOrder = BoardOrder.mostFirst(
                old.size(), at -> old.get(at).messages(), at -> old.get(at).userId());
        int[] oldPlaces = new int[board.size()];
        Arrays.fill(oldPlaces, NEW);
        for (int place = 0; place < oldOrder.length; place++) {
            if (oldOrder[place] < stayed) {
                oldPlaces[authors[oldOrder[place]]] = place;
            }
        }
        int[] moves = new int[board.size()];
        for (int place = 0; place < order.length; place++) {
            int oldPlace = oldPlaces[order[place]];
            moves[place] = oldPlace == NEW ? NEW : oldPlace - place;
        }
        return new Movement(run, since, moves);
    }

    /** Whether the author at that place, from 0, was at another one before. */
    boolean hasMoved(int place) {
        return moves[place] != NEW && moves[place] != 0;
    }

    /** How many places the author at that place, from 0, went up; negative for down. */
    int up(int place) {
        return moves[place];
    }

    /**
     * As JSON: how many places up each author went, most messages first; null for who was not there before.
     *
     * @param limit how many at most; null for all
     * @param offset how many to pass over; null for none
     */
    byte[] json(@Nullable Integer limit, @Nullable Integer offset) {
        int first = offset == null ? 0 : Math.min(offset, moves.length);
        int last = limit == null ? moves.length : (int) Math.min((long) first + limit, moves.length);
        StringBuilder json = new StringBuilder("{\"run_id\": ")
                .append(run)
                .append(", \"since_run_id\": ")
                .append(since == 0 ? "null" : Long.toString(since))
                .append(", \"moves\": [");
        for (int place = first; place < last; place++) {
            json.append(place == first ? "" : ",")
                    .append(moves[place] == NEW ? "null" : Integer.toString(moves[place]));
        }
        return json.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
