package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.runs.RowCounts;
import java.util.List;

/**
 * The result of a run. No record, and equal to nothing but itself: Camel asks message bodies for their hash code whenever a
 * route says {@code ${body.…}}, which for a record would be that of every standing.
 */
public final class Ranking {
    private final String file;
    private final List<Standing> standings;
    private final RowCounts rowCounts;

    /** @param file the name of the file whose rows were ranked */
    public Ranking(String file, List<Standing> standings, RowCounts rowCounts) {
        this.file = file;
        this.standings = standings;
        this.rowCounts = rowCounts;
    }

    /** The name of the file whose rows were ranked. */
    String file() {
        return file;
    }

    /** One per author, fewest messages first, ties by user id. */
    public List<Standing> standings() {
        return standings;
    }

    /** What became of the rows. */
    public RowCounts rowCounts() {
        return rowCounts;
    }
}
