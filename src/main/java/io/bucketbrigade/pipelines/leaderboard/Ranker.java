package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.KeyCount;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.RowGuard;
import io.bucketbrigade.csv.Tally;
import io.bucketbrigade.rows.NumberedRow;
import io.bucketbrigade.runs.Accounts;
import io.bucketbrigade.settings.Settings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives the counted authors their names and puts them in order. */
public final class Ranker {
    private static final String LIMIT = "LEADERBOARD_MAX_REJECTED";

    private final BigDecimal mostRejected;

    /** @param mostRejected the share of a file's rows that may be rejected, written 0.01 or 1% */
    public Ranker(String mostRejected) {
        this.mostRejected = Settings.parseShare(LIMIT, mostRejected);
    }

    /**
     * Ranks.
     *
     * @param users the rows of users.csv
     * @param guard what those rows were read through
     * @param count the finished count of messages.csv
     * @throws CsvException if a column of users.csv that is used holds bytes that are not UTF-8
     */
    public Ranking rank(Iterator<NumberedRow> users, RowGuard guard, KeyCount count) {
        Accounts.limitRejected(count.source().name(), count.rows(), count.rejects(), mostRejected, LIMIT);
        Tally tally = count.tally();
        Names names = new Names(tally.places());
        long duplicates = join(users, guard, tally, names);
        RankedAuthors standings = RankedAuthors.fewestFirst(tally, names);
        Map<String, Long> notes = new LinkedHashMap<>();
        notes.put("authors", (long) tally.size());
        notes.put("unknown_authors", (long) tally.size() - names.given());
        notes.put("duplicate_users", duplicates);
        notes.put("users_rejected", guard.rejects().rows());
        List<Rejected> rejected = new ArrayList<>(count.rejects().first());
        rejected.addAll(guard.rejects().first());
        Accounts accounts =
                new Accounts(count.rows(), tally.sum(), count.rejects().rows(), notes, rejected);
        accounts.balance();
        return new Ranking(standings, accounts);
    }

    /** Finds the authors' names. Gives how many rows repeat a user id; the last of them counts. */
    private long join(Iterator<NumberedRow> users, RowGuard guard, Tally authors, Names names) {
        int id = guard.header().index("user_id");
        int first = guard.header().index("first_name");
        int last = guard.header().index("last_name");
        Tally strangers = new Tally();
        long duplicates = 0;
        while (users.hasNext()) {
            NumberedRow row = users.next();
            String userId = row.text(id, guard.header(), guard.linesBefore());
            String name = fullName(
                    row.text(first, guard.header(), guard.linesBefore()),
                    row.text(last, guard.header(), guard.linesBefore()));
            String problem = userId.isBlank()
                    ? "user_id is blank"
                    : (userId + name).indexOf('\0') >= 0 ? "the row holds a NUL byte" : null;
            if (problem != null) {
                if (guard.rejects().count()) {
                    long line = guard.linesBefore() + row.line();
                    guard.rejects().keep(new Rejected(guard.header().file(), line, problem, userId + "," + name));
                }
                continue;
            }
            byte[] key = userId.getBytes(StandardCharsets.UTF_8);
            int author = authors.find(key, 0, key.length);
            boolean repeated =
                    author >= 0 ? names.give(author, name) : strangers.add(key, 0, key.length, 1) > 1;
            if (repeated) {
                duplicates++;
            }
        }
        Accounts.limitRejected(guard.header().file(), guard.rows(), guard.rejects(), mostRejected, LIMIT);
        return duplicates;
    }

    private static String fullName(String first, String last) {
        return (first + " " + last).strip();
    }
}
