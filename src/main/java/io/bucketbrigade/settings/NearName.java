package io.bucketbrigade.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
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
     * The known variables that are most like a misspelt one, of which there may be none: one or two letters are wrong, missing,
     * extra or swapped; or a word is missing, extra or in another place.
     *
     * @param prefixes what known variables begin with, such as {@code ORDERS_}
     */
    static List<String> of(String misspelt, Set<String> known, Collection<String> prefixes) {
        SortedMap<Integer, SortedSet<String>> byDistance = new TreeMap<>();
        for (String prefix : prefixes) {
            for (String name : misspelt.startsWith(prefix)
                    ? withSimilarEnd(misspelt, known, prefix)
                    : withSimilarPrefix(misspelt, known, prefix)) {
                byDistance
                        .computeIfAbsent(distance(misspelt, name), distance -> new TreeSet<>())
                        .add(name);
            }
        }
        return byDistance.isEmpty()
                ? List.of()
                : List.copyOf(byDistance.values().iterator().next());
    }

    private static List<String> withSimilarEnd(String misspelt, Set<String> known, String prefix) {
        String end = misspelt.substring(prefix.length());
        List<String> similar = new ArrayList<>();
        for (String name : known) {
            if (name.startsWith(prefix)) {
                String meant = name.substring(prefix.length());
                if (isNear(end, meant) || hasNearlyTheWordsOf(end, meant)) {
                    similar.add(name);
                }
            }
        }
        return similar;
    }

    /** Every start does this for every variable of its environment, so it looks names up rather than compares them all. */
    private static List<String> withSimilarPrefix(String misspelt, Set<String> known, String prefix) {
        List<String> similar = new ArrayList<>();
        for (int end = misspelt.indexOf('_', 1) + 1; end > 0; end = misspelt.indexOf('_', end) + 1) {
            String name = prefix + misspelt.substring(end);
            if (known.contains(name) && isNear(misspelt.substring(0, end), prefix)) {
                similar.add(name);
            }
        }
        return similar;
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
