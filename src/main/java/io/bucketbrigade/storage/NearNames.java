package io.bucketbrigade.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the files that may be meant where an awaited one is missing: Messages.csv, users (1).csv, users.csv.csv, users.csv.gz. */
public final class NearNames {
    /** From here on, one wrong letter doesn't make another word. */
    private static final int LONG_WORD = 5;

    private static final int MOST_SHOWN = 3;
    /** Names that say nothing against rows of text. */
    private static final Pattern TEXT = Pattern.compile("\\.?[^.]*(\\.(?i:csv|txt|tsv))*");

    private static final LevenshteinDistance ONE_LETTER = new LevenshteinDistance(1);

    private NearNames() {}

    /**
     * A sentence about the files that may be meant, without a full stop; empty if there are none.
     *
     * @param missing the name that was looked for
     * @param awaited all names that are looked for there; none of these is meant for another one
     * @throws IOException if the location can't be read
     */
    public static String hint(Location location, String missing, Collection<String> awaited) throws IOException {
        List<String> near;
        try {
            near = location.names(name -> !awaited.contains(name) && isNear(missing, name)).stream()
                    .sorted()
                    .limit(MOST_SHOWN)
                    .toList();
        } catch (NoSuchFileException noFolderYet) {
            return "";
        }
        if (near.isEmpty()) {
            return "";
        }
        String advice = near.stream().allMatch(name -> TEXT.matcher(name).matches())
                ? "rename it to " + missing
                : "provide its rows as " + missing;
        return near.size() == 1
                ? near.get(0) + " is there: if it is meant, " + advice
                : String.join(", ", near.subList(0, near.size() - 1)) + " and " + near.get(near.size() - 1)
                        + " are there: if one of them is meant, " + advice;
    }

    /** Whether somebody who was to name a file so may have named it otherwise. */
    static boolean isNear(String wanted, String name) {
        if (name.equals(wanted) || (name.startsWith(".") && !wanted.startsWith("."))) {
            return false;
        }
        String[] words = words(wanted);
        String[] others = words(name);
        if (words.length == 0 || others.length == 0) {
            return false;
        }
        String together = String.join("", words);
        boolean isPart = (" " + String.join(" ", others) + " ").contains(" " + String.join(" ", words) + " ");
        return isPart
                || together.equals(String.join("", others))
                || (together.length() >= LONG_WORD && ONE_LETTER.apply(together, String.join("", others)) >= 0);
    }

    /** The words of a name without its endings, in small letters. */
    private static String[] words(String name) {
        String[] parts = name.toLowerCase(Locale.ROOT).split("\\.", -1);
        int first = parts[0].isEmpty() && parts.length > 1 ? 1 : 0;
        return Arrays.stream(parts[first].split("[^\\p{L}]+", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}
