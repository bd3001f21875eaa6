package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.runs.Accounts;
import java.util.List;

/**
 * The result of a run. No record, and equal to nothing but itself: Camel asks message bodies for their hash code whenever a
 * route says {@code ${body.…}}, which for a record would be that of every standing.
 */
public final class Ranking {
    private final List<Standing> standings;
    private final Accounts accounts;

    public Ranking(List<Standing> standings, Accounts accounts) {
        this.standings = standings;
        this.accounts = accounts;
    }

    /** One per author, fewest messages first, ties by user id. */
    public List<Standing> standings() {
        return standings;
    }

    /** What became of the rows. */
    public Accounts accounts() {
        return accounts;
    }
}
