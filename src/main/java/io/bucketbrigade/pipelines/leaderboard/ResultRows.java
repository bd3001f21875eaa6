package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.MissingValue;
import io.bucketbrigade.csv.RowGuard;
import io.bucketbrigade.csv.Tally;
import io.bucketbrigade.rows.NumberedRow;
import io.bucketbrigade.runs.RowCounts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a pipeline_result.csv back, strictly: every row counts, or the file is refused. */
public final class ResultRows {
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");

    /**
     * Takes the rows in.
     *
     * @param rows the rows of the file
     * @param guard what they were read through
     * @throws CsvException at the first row that can't be one of a ranking; it names line and column
     */
    public Ranking read(Iterator<NumberedRow> rows, RowGuard guard) {
        Header header = guard.header();
        int id = header.index("user_id");
        int messages = header.index("messages");
        int name = header.index("name");
        Tally seen = new Tally();
        List<Standing> standings = new ArrayList<>();
        while (rows.hasNext()) {
            NumberedRow row = rows.next();
            long line = guard.linesBefore() + row.line();
            String userId = Blanks.stripId(text(row, id, guard));
            if (userId.isBlank()) {
                throw new CsvException(header.file(), line, "user_id", "this field is blank.");
            }
            if (MissingValue.is(userId)) {
                throw new CsvException(
                        header.file(),
                        line,
                        "user_id",
                        "'" + userId + "' stands for a missing value. Remove this row.");
            }
            byte[] key = userId.getBytes(StandardCharsets.UTF_8);
            if (seen.add(key, 0, key.length, 1) > 1) {
                throw new CsvException(header.file(), line, "user_id", userId + " is in an earlier row already.");
            }
            String count = text(row, messages, guard);
            if (!COUNT.matcher(count).matches()) {
                throw row.repeats(header)
                        ? new CsvException(header.file(), line, null, Header.REPEATED + " Remove this row.")
                        : new CsvException(header.file(), line, "messages", "'" + count + "' is not a whole number.");
            }
            standings.add(new Standing(userId, Long.parseLong(count), text(row, name, guard)));
        }
        return new Ranking(
                header.file(), standings, new RowCounts(guard.rows(), standings.size(), 0, Map.of(), List.of()));
    }

    private static String text(NumberedRow row, int index, RowGuard guard) {
        String text = row.text(index, guard.header(), guard.linesBefore());
        if (text.indexOf('\0') >= 0) {
            throw new CsvException(
                    guard.header().file(),
                    guard.linesBefore() + row.line(),
                    guard.header().columns().get(index),
                    "this field holds a NUL byte.");
        }
        return text;
    }
}
