package io.bucketbrigade.pipelines.leaderboard;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.bucketbrigade.rows.CsvText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Standings as rows of a CSV in UTF-8, quoted where they need it. Stretches of rows are written in parallel, some thousand
 * rows ahead of where they go to, because making text of numbers takes longer than writing it.
 */
final class StandingRows {
    private static final int ROWS_AT_ONCE = 1 << 13;
    /** So many stretches are held in memory at a time. */
    private static final int STRETCHES_AHEAD = 8;

    private StandingRows() {}

    /**
     * Writes all of them, without a header.
     *
     * @throws IOException if {@code out} takes no more
     */
    static void write(List<Standing> standings, OutputStream out) throws IOException {
        int stretches = (standings.size() + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
        for (int from = 0; from < stretches; from += STRETCHES_AHEAD) {
            Iterator<byte[]> rows = IntStream.range(from, Math.min(stretches, from + STRETCHES_AHEAD))
                    .parallel()
                    .mapToObj(stretch -> rows(standings, stretch * ROWS_AT_ONCE))
                    .toList()
                    .iterator();
            while (rows.hasNext()) {
                out.write(rows.next());
            }
        }
    }

    /** Writes a row that has nothing but a user id. */
    static void writeGone(String userId, OutputStream out) throws IOException {
        out.write(("\"" + userId.replace("\"", "\"\"") + "\",,\n").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] rows(List<Standing> standings, int from) {
        ByteArrayOutputStream rows = new ByteArrayOutputStream(32 * ROWS_AT_ONCE);
        try (CsvWriter csv = CsvText.writer(rows)) {
            for (Standing standing : standings.subList(from, Math.min(standings.size(), from + ROWS_AT_ONCE))) {
                csv.writeRecord(standing.userId(), Long.toString(standing.messages()), standing.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows.toByteArray();
    }
}
