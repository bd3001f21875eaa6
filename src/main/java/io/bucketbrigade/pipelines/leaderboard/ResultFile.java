package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.runs.RejectedFile;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes pipeline_result.csv: one row per author, fewest messages first; and rejected.csv beside it. */
public final class ResultFile {
    private final Locations locations;

    public ResultFile(Locations locations) {
        this.locations = locations;
    }

    private static final byte[] HEADER = "user_id,messages,name\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * Writes result and rejected rows beside their places.
     *
     * @param folder the location they go to
     * @param name the result's name
     * @param mark what distinguishes this writer from others, such as the run's number
     * @throws IOException if they can't be written; nothing is left then
     */
    public List<Prepared> prepare(String folder, String name, String mark, Ranking ranking) throws IOException {
        Location location = locations.of(folder);
        Prepared result = location.prepare(name, mark, out -> write(ranking.standings(), out));
        try {
            return List.of(
                    result,
                    RejectedFile.prepare(location, mark, ranking.rowCounts().rejected()));
        } catch (IOException | RuntimeException e) {
            result.discard();
            throw e;
        }
    }

    /**
     * Writes them for whoever puts them in place later; the work has the row counts then.
     *
     * @throws IOException if they can't be written; nothing is left then
     */
    public List<Prepared> handOver(Work work, String folder, String name, Ranking ranking) throws IOException {
        work.setRowCounts(ranking.rowCounts());
        return prepare(folder, name, "handed-over", ranking);
    }

    /**
     * Puts prepared files in their places, where no table goes with them.
     *
     * @throws IOException if that can't be done
     */
    public void publish(List<Prepared> files) throws IOException {
        try {
            for (Prepared file : files) {
                file.publish();
            }
        } finally {
            files.forEach(Prepared::discard);
        }
    }

    private static void write(List<Standing> standings, OutputStream out) throws IOException {
        out.write(HEADER);
        StandingRows.write(standings, out);
    }
}
