package io.bucketbrigade.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Finds the variable that somebody meant who misspelt it. */
final class NearName {
    private static final int SHORT = 5;

    private NearName() {}

    /**
     * The known variables that are most like a misspelt one, of which there may be none: one or two letters are wrong, missing, extra or swapped; or a
     * word is missing, extra or in another place.
     *
     * @param prefixes what known variables begin with, such as {@code ORDERS_}
     */
    static List<String> of(String misspelt, Collection<String> known, Collection<String> prefixes) {
        SortedMap<Integer, SortedSet<String>> byDistance = new TreeMap<>();
        for (String name : known) {
            for (String prefix : prefixes) {
                if (name.startsWith(prefix) && isNear(misspelt, name, prefix)) {
                    byDistance
                            .computeIfAbsent(distance(misspelt, name), distance -> new TreeSet<>())
                            .add(name);
                }
            }
        }
        return byDistance.isEmpty()
                ? List.of()
                : List.copyOf(byDistance.values().iterator().next());
    }

    private static boolean isNear(String misspelt, String name, String prefix) {
        int start = misspelt.length() - (name.length() - prefix.length());
        if (misspelt.startsWith(prefix)) {
            String rest = misspelt.substring(prefix.length());
            String meant = name.substring(prefix.length());
            return isNear(rest, meant) || hasNearlyTheWordsOf(rest, meant);
        }
        return start > 1
                && misspelt.charAt(start - 1) == '_'
                && misspelt.startsWith(name.substring(prefix.length()), start)
                && isNear(misspelt.substring(0, start), prefix);
    }

    private static boolean isNear(String one, String other) {
        int most = Math.max(one.length(), other.length()) <= SHORT ? 1 : 2;
        return distance(one, other) <= most;
    }

    /** Made here and not before: a start that has nothing to compare need not load it. */
    private static int distance(String one, String other) {
        return new DamerauLevenshteinDistance().apply(one, other);
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
