package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.KeyCount;
import io.bucketbrigade.csv.MissingValue;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.csv.Tally;
import io.bucketbrigade.rows.GuardedRows;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.settings.Values;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Gives the counted authors their names and puts them in order. */
public final class Ranker {
    private static final List<String> COLUMNS = List.of("user_id", "first_name", "last_name");
    private static final String LIMIT = "LEADERBOARD_MAX_REJECTED";
    /** Control characters of Latin-1, which replace the bytes that Windows-1252 leaves undefined. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\x80-\\x9F]");

    private final BigDecimal mostRejected;
    private final UnknownAuthors unknownAuthors;

    /**
     * @param mostRejected the share of a file's rows that may be rejected, written 0.01 or 1%
     * @param mostUnknown the share of authors that may be missing in users.csv, written 0.5 or 50%; blank if at least one must be
     *     in it
     */
    public Ranker(String mostRejected, String mostUnknown) {
        this.unknownAuthors = new UnknownAuthors(mostUnknown);
        this.mostRejected = Values.share(LIMIT, mostRejected);
    }

    /**
     * Ranks.
     *
     * @param users users.csv
     * @param count the finished count of messages.csv
     * @throws CsvException if a column of users.csv is missing
     * @throws io.bucketbrigade.problems.Problem if too many authors are not in users.csv
     * @throws IOException if users.csv can't be read
     */
    public Ranking rank(Source users, KeyCount count) throws IOException {
        RowCounts.limitRejected(count.source().name(), count.rows(), count.rejects(), mostRejected, LIMIT);
        Tally tally = count.tally();
        // While names are read from one thread, another puts the authors in order.
        CompletableFuture<int[]> order = CompletableFuture.supplyAsync(() -> RankedAuthors.fewestFirst(tally));
        AuthorNames names = new AuthorNames(tally.places());
        Records rows = new Records(users, Header.read(users, COLUMNS), GuardedRows.KEPT_REJECTED);
        long duplicates = join(rows, tally, names);
        unknownAuthors.check(
                count.source().name(),
                users,
                rows.header(),
                rows.rows() - rows.rejects().rows(),
                tally,
                names);
        RankedAuthors standings = new RankedAuthors(tally, names, order.join());
        Map<String, Long> notes = new LinkedHashMap<>();
        notes.put("authors", (long) tally.size());
        notes.put("unknown_authors", (long) tally.size() - names.given());
        notes.put("duplicate_users", duplicates);
        notes.put("users_rejected", rows.rejects().rows());
        notes.putAll(count.remarks());
        notes.putAll(rows.remarks());
        List<Rejected> rejected = new ArrayList<>(listed(count.source().name(), count.rejects()));
        rejected.addAll(listed(users.name(), rows.rejects()));
        RowCounts rowCounts =
                new RowCounts(count.rows(), tally.sum(), count.rejects().rows(), notes, rejected);
        rowCounts.balance();
        return new Ranking(count.source().name(), standings, rowCounts);
    }

    private static List<Rejected> listed(String file, Rejects rejects) {
        return Rejected.listed(file, rejects.rows(), rejects.first());
    }

    /** Finds the authors' names. Gives how many rows repeat a user id; the last of them counts. */
    private long join(Records users, Tally authors, AuthorNames names) throws IOException {
        int id = users.header().index("user_id");
        int first = users.header().index("first_name");
        int last = users.header().index("last_name");
        Tally strangers = new Tally();
        long duplicates = 0;
        while (users.next()) {
            boolean repeated;
            if (isPlain(users, id) && isPlain(users, first) && isPlain(users, last)) {
                int author = authors.find(users.bytes(), users.start(id), users.end(id));
                repeated = author >= 0
                        ? names.give(author, users, first, last)
                        : strangers.add(users.bytes(), users.start(id), users.end(id), 1) > 1;
            } else {
                repeated = joinWithCare(users, id, first, last, authors, names, strangers);
            }
            duplicates += repeated ? 1 : 0;
        }
        RowCounts.limitRejected(users.header().file(), users.rows(), users.rejects(), mostRejected, LIMIT);
        return duplicates;
    }

    private static boolean isPlain(Records users, int column) {
        return users.isPlain(column) && !MissingValue.is(users.bytes(), users.start(column), users.end(column));
    }

    /**
     * A row with other than plain ASCII in it, one without some value, or one that can't be accepted. Says whether it
     * repeats a user id.
     */
    private static boolean joinWithCare(
            Records users, int id, int first, int last, Tally authors, AuthorNames names, Tally strangers)
            throws IOException {
        String userId = Blanks.stripId(users.text(id));
        String name = fullName(givenName(users.text(first)), givenName(users.text(last)));
        if (userId.isEmpty()) {
            users.reject("user_id is blank");
            return false;
        }
        if (MissingValue.is(userId)) {
            users.reject(MissingValue.reason("user_id", userId));
            return false;
        }
        if (userId.indexOf('\0') >= 0 || name.indexOf('\0') >= 0) {
            users.reject("the row holds a NUL byte");
            return false;
        }
        byte[] key = userId.getBytes(StandardCharsets.UTF_8);
        int author = authors.find(key, 0, key.length);
        return author >= 0 ? names.give(author, name) : strangers.add(key, 0, key.length, 1) > 1;
    }

    /** A name as it is shown. */
    private static String givenName(String text) {
        return MissingValue.is(Blanks.strip(text))
                ? ""
                : UNPRINTABLE.matcher(text).replaceAll("\uFFFD");
    }

    private static String fullName(String first, String last) {
        return Blanks.strip(first + " " + last);
    }
}
