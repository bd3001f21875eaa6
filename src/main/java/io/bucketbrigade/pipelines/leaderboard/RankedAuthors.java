package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Tally;
import java.util.AbstractList;
import java.util.RandomAccess;

/** The counted authors with their names, in their order. A standing is made when it is asked for, and not kept. */
final class RankedAuthors extends AbstractList<Standing> implements RandomAccess {
    private final Tally tally;
    private final AuthorNames names;
    private final int[] places;

    /** @param places the authors' places in the tally, in their order */
    RankedAuthors(Tally tally, AuthorNames names, int[] places) {
        this.tally = tally;
        this.names = names;
        this.places = places;
    }

    /** The places of a tally's keys, fewest messages first. */
    static int[] fewestFirst(Tally tally) {
        int[] places = new int[tally.size()];
        int author = 0;
        for (int place = tally.next(-1); place >= 0; place = tally.next(place)) {
            places[author++] = place;
        }
        int[] order = BoardOrder.fewestFirst(
                places.length, number -> tally.count(places[number]), number -> tally.key(places[number]));
        for (int at = 0; at < order.length; at++) {
            order[at] = places[order[at]];
        }
        return order;
    }

    @Override
    public Standing get(int index) {
        int place = places[index];
        return new Standing(tally.key(place), tally.count(place), names.of(place));
    }

    @Override
    public int size() {
        return places.length;
    }
}
