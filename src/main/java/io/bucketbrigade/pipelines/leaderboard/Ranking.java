package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.runs.Accounts;
import java.util.List;

/**
 * The result of a run.
 *
 * @param standings one per author, fewest messages first, ties by user id
 * @param accounts what became of the rows
 */
public record Ranking(List<Standing> standings, Accounts accounts) {}
