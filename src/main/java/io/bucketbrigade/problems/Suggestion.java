package io.bucketbrigade.problems;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Finds the name that was meant. */
public final class Suggestion {
    private static final DamerauLevenshteinDistance DISTANCE = new DamerauLevenshteinDistance();

    private Suggestion() {}

    /** The end of a sentence that names the nearest of the known names; a blank text if none is near. */
    public static String of(String misspelt, Collection<String> known) {
        return nearest(misspelt, known)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** The known name that is most like a misspelt one: at most a third of its letters are wrong. */
    public static Optional<String> nearest(String misspelt, Collection<String> known) {
        int most = Math.max(1, misspelt.length() / 3);
        return known.stream()
                .filter(name -> distance(misspelt, name) <= most)
                .min(Comparator.<String>comparingInt(name -> distance(misspelt, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String one, String other) {
        return DISTANCE.apply(plain(one), plain(other));
    }

    /** Hyphens, dots and capitals are mixed up most often. */
    private static String plain(String name) {
        return name.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }
}
