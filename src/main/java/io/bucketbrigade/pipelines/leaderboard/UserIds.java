package io.bucketbrigade.pipelines.leaderboard;

import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Pattern;

/** What user ids mean: numbers where all are whole numbers, else text. */
final class UserIds {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,1000}");
    private static final Pattern PLAIN_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,15}");
    /** 2^53: up to it every whole number has a double of its own, so no JSON reader changes it. */
    private static final long LARGEST_SAFE = 1L << 53;

    private UserIds() {}

    /** The order of the board: ids as numbers where all are numbers, else as text. */
    static Comparator<Standing> order(Collection<Standing> board) {
        boolean allPlain = board.stream().allMatch(standing -> isPlainNumber(standing.userId()));
        if (allPlain) {
            return Comparator.comparingLong(standing -> Long.parseLong(standing.userId()));
        }
        boolean allNumbers = board.stream()
                .allMatch(standing -> WHOLE_NUMBER.matcher(standing.userId()).matches());
        Comparator<Standing> asText = Comparator.comparing(Standing::userId);
        if (!allNumbers) {
            return asText;
        }
        Comparator<Standing> asNumbers = Comparator.comparing(standing -> new BigInteger(standing.userId()));
        return asNumbers.thenComparing(asText);
    }

    /** Whether a JSON number prints back the same: no leading zeros, not beyond 2^53. */
    static boolean isPlainNumber(String userId) {
        return PLAIN_NUMBER.matcher(userId).matches() && Math.abs(Long.parseLong(userId)) <= LARGEST_SAFE;
    }
}
