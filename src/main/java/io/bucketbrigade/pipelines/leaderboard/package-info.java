/** Ranking the clients of a support centre by the messages they sent: what YAML can't say. */
@NullMarked
package io.bucketbrigade.pipelines.leaderboard;

import org.jspecify.annotations.NullMarked;
