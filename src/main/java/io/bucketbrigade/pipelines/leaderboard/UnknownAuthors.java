package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Tally;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.settings.Values;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How many authors may be missing in users.csv. A board on which nobody has a name, though users.csv has rows, mostly means that
 * the two files write the same ids in different ways.
 */
final class UnknownAuthors {
    private static final String SETTING = "LEADERBOARD_MAX_UNKNOWN";
    /** More ids than this are not compared to find a pair that helps. */
    private static final int MOST_COMPARED = 100_000;

    private final @Nullable BigDecimal most;

    /** @param most the share of authors that may be unknown, written 0.5 or 50%; blank if at least one must be known */
    UnknownAuthors(String most) {
        this.most = most.isBlank() ? null : Values.share(SETTING, most);
    }

    /**
     * Checks that enough authors are known.
     *
     * @param messages the name of messages.csv, as it was given
     * @param users users.csv, which is read once more to find an id that helps
     * @param usersRead how many rows of users.csv were accepted; where there is none, nobody can be known
     * @throws Problem if too many are unknown
     * @throws IOException if users.csv can't be read
     */
    void check(String messages, Source users, Header header, long usersRead, Tally authors, AuthorNames names)
            throws IOException {
        int unknown = authors.size() - names.given();
        boolean nobody = names.given() == 0 && usersRead > 0;
        if (unknown == 0) {
            return;
        }
        if (most == null ? nobody : RowCounts.isMore(unknown, authors.size(), most)) {
            throw new Problem(
                    Kind.INPUT,
                    nobody ? nobody(messages, users, header, authors) : tooMany(messages, users.name(), authors, names),
                    users.name(),
                    0,
                    "user_id",
                    null);
        }
    }

    private String tooMany(String messages, String users, Tally authors, AuthorNames names) {
        int unknown = authors.size() - names.given();
        String first = "";
        for (int place = authors.next(-1); place >= 0; place = authors.next(place)) {
            if (!names.has(place)) {
                first = first.isEmpty() ? authors.key(place) : shorter(first, authors.key(place));
            }
        }
        return Counted.number(unknown) + " of " + Counted.of(authors.size(), "author") + " of " + messages + " ("
                + RowCounts.percent(unknown, authors.size())
                + (unknown == 1 ? ") is not in " : ") are not in ") + users + ", more than " + SETTING + " allows ("
                + (most == null ? "" : RowCounts.percent(most))
                + (unknown == 1 ? "); it is " : "); one of them is ")
                + shown(first) + ". Add the missing users to " + users + " or raise the limit.";
    }

    private static String nobody(String messages, Source users, Header header, Tally authors) throws IOException {
        String[] pair = pair(users, header, authors);
        return messages + " has author " + shown(pair[0]) + ", " + users.name() + " has user " + shown(pair[1])
                + ": none of the authors is in " + users.name() + ". Write the ids the same way in both files, or set "
                + SETTING
                + "=100% if no author needs a name.";
    }

    /** An author and a user whose ids mean the same if there are two such, else the first ones. */
    private static String[] pair(Source users, Header header, Tally authors) throws IOException {
        Map<String, String> byMeaning = new HashMap<>();
        Map<String, String> byDigits = new HashMap<>();
        BinaryOperator<String> shortest = UnknownAuthors::shorter;
        String author = authors.key(authors.next(-1));
        int compared = 0;
        for (int place = authors.next(-1); place >= 0 && compared++ < MOST_COMPARED; place = authors.next(place)) {
            String id = authors.key(place);
            author = shorter(author, id);
            byMeaning.merge(meaning(id), id, shortest);
            byDigits.merge(digits(id), id, shortest);
        }
        byDigits.remove("");
        String[] similar = null;
        String user = null;
        Records rows = new Records(users, header, 0);
        int column = header.index("user_id");
        while (rows.next() && rows.rows() <= MOST_COMPARED) {
            String id = rows.text(column);
            user = user == null ? id : user;
            String same = byMeaning.get(meaning(id));
            if (same != null) {
                return new String[] {same, id};
            }
            String alike = byDigits.get(digits(id));
            similar = similar == null && alike != null ? new String[] {alike, id} : similar;
        }
        return similar != null ? similar : new String[] {author, String.valueOf(user)};
    }

    private static String shorter(String one, String other) {
        boolean first = one.length() == other.length() ? one.compareTo(other) <= 0 : one.length() < other.length();
        return first ? one : other;
    }

    /** An id without what spreadsheets and data frames add to it: {@code ="0004"}, {@code '0004} and {@code 4.0} mean 4. */
    private static String meaning(String id) {
        return id.toLowerCase(Locale.ROOT)
                .replaceAll("[\"'=\\s\\p{Z}]", "")
                .replaceFirst("\\.0+$", "")
                .replaceFirst("^0+(?=.)", "");
    }

    private static String digits(String id) {
        return id.replaceAll("[^0-9]", "").replaceFirst("^0+(?=.)", "");
    }

    private static String shown(String id) {
        return id.matches("0|[1-9][0-9]{0,18}") ? id : "'" + id.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
