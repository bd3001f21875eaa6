package io.bucketbrigade.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the variable that somebody meant who misspelt it. */
final class NearName {
    private static final int SHORT = 5;

    private NearName() {}

    /**
     * The known variable that is most like a misspelt one, if any is: a letter or two are wrong, missing, added or
     * exchanged; or a word is missing, added or in another place.
     *
     * @param prefixes what known variables begin with, such as {@code ORDERS_}
     */
    static Optional<String> of(String misspelt, Collection<String> known, Collection<String> prefixes) {
        return known.stream()
                .filter(name ->
                        prefixes.stream().anyMatch(prefix -> name.startsWith(prefix) && isNear(misspelt, name, prefix)))
                .min(Comparator.<String>comparingInt(name -> distance(misspelt, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static boolean isNear(String misspelt, String name, String prefix) {
        String meant = name.substring(prefix.length());
        if (misspelt.startsWith(prefix)) {
            String rest = misspelt.substring(prefix.length());
            return isNear(rest, meant) || hasNearlyTheWordsOf(rest, meant);
        }
        String wrongPrefix =
                misspelt.endsWith("_" + meant) ? misspelt.substring(0, misspelt.length() - meant.length()) : "";
        return !wrongPrefix.isEmpty() && isNear(wrongPrefix, prefix);
    }

    private static boolean isNear(String one, String other) {
        int most = Math.max(one.length(), other.length()) <= SHORT ? 1 : 2;
        return Math.abs(one.length() - other.length()) <= most && distance(one, other) <= most;
    }

    private static boolean hasNearlyTheWordsOf(String one, String other) {
        List<String> surplus = new ArrayList<>(List.of(one.split("_", -1)));
        List<String> missing = new ArrayList<>();
        for (String word : other.split("_", -1)) {
            if (!surplus.remove(word)) {
                missing.add(word);
            }
        }
        boolean someWordIsRight = surplus.size() < one.split("_", -1).length;
        return someWordIsRight && surplus.size() + missing.size() <= 1;
    }

    /** How many letters must be changed, added, left out or exchanged with their neighbour. */
    private static int distance(String one, String other) {
        int[] beforeLast = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        Arrays.setAll(last, at -> at);
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = last[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[other.length()];
    }
}
