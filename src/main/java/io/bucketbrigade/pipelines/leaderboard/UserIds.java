package io.bucketbrigade.pipelines.leaderboard;

import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What user ids mean: numbers where all are whole numbers, else text. */
final class UserIds {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,1000}");
    private static final int MOST_DIGITS = 16;
    /** 2^53: up to it every whole number has a double of its own, so no JSON reader changes it. */
    private static final long LARGEST_SAFE = 1L << 53;

    private UserIds() {}

    /** All ids as numbers, or null if one of them isn't a plain number. */
    static long @Nullable [] plainNumbers(int size, IntFunction<String> userIds) {
        long[] numbers = new long[size];
        for (int author = 0; author < size; author++) {
            String userId = userIds.apply(author);
            if (!isPlainNumber(userId)) {
                return null;
            }
            numbers[author] = Long.parseLong(userId);
        }
        return numbers;
    }

    static boolean allWholeNumbers(int size, IntFunction<String> userIds) {
        for (int author = 0; author < size; author++) {
            if (!WHOLE_NUMBER.matcher(userIds.apply(author)).matches()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a JSON number prints back the same: no plus, no leading zeros, not beyond 2^53. */
    static boolean isPlainNumber(String userId) {
        int first = userId.startsWith("-") ? 1 : 0;
        int digits = userId.length() - first;
        if (digits < 1 || digits > MOST_DIGITS) {
            return false;
        }
        for (int at = first; at < userId.length(); at++) {
            if (userId.charAt(at) < '0' || userId.charAt(at) > '9') {
                return false;
            }
        }
        boolean leadingZero = userId.charAt(first) == '0';
        return leadingZero ? userId.length() == 1 : Math.abs(Long.parseLong(userId)) <= LARGEST_SAFE;
    }
}
