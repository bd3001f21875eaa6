package io.bucketbrigade.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Finds the variable that somebody meant who misspelt it. */
final class NearName {
    private static final int SHORT = 5;
    private static final DamerauLevenshteinDistance LETTERS = new DamerauLevenshteinDistance();

    private NearName() {}

    /**
     * The known variable that is most like a misspelt one, if any is: one or two letters are wrong, missing, extra or swapped; or a
     * word is missing, extra or in another place.
     *
     * @param prefixes what known variables begin with, such as {@code ORDERS_}
     */
    static Optional<String> of(String misspelt, Collection<String> known, Collection<String> prefixes) {
        return known.stream()
                .filter(name ->
                        prefixes.stream().anyMatch(prefix -> name.startsWith(prefix) && isNear(misspelt, name, prefix)))
                .min(Comparator.<String>comparingInt(name -> LETTERS.apply(misspelt, name))
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
        return LETTERS.apply(one, other) <= most;
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
}
