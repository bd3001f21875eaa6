package io.bucketbrigade.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the files that may be meant where an input is missing: Messages.csv, users (1).csv, users.csv.csv, users.csv.gz. */
public final class NearNames {
    /** From here on, one wrong letter doesn't make another word. */
    private static final int LONG_WORD = 5;

    private static final int MOST_SHOWN = 3;
    /** Names that say nothing against rows of text. */
    private static final Pattern TEXT = Pattern.compile("\\.?[^.]*(\\.(?i:csv|txt|tsv))*");

    private static final LevenshteinDistance ONE_LETTER = new LevenshteinDistance(1);

    private NearNames() {}

    /**
     * A sentence about the files that may be meant, or about a folder of that name, without a full stop; empty if there are none.
     *
     * @param missing the name of the missing file
     * @param wanted the names of all files that are wanted there; none of these is meant for another one
     * @throws IOException if the location can't be read
     */
    public static String hint(Location location, String missing, Collection<String> wanted) throws IOException {
        List<String> near;
        try {
            Optional<List<String>> below = namesBelow(location, missing);
            if (below.isPresent()) {
                return folder(missing, below.get());
            }
            near = location.names(name -> !wanted.contains(name) && isNear(missing, name)).stream()
                    .sorted()
                    .toList();
        } catch (NoSuchFileException noFolderYet) {
            return "";
        }
        if (near.isEmpty()) {
            return "";
        }
        List<String> same = near.stream()
                .filter(name -> composed(name).equals(composed(missing)))
                .toList();
        near = same.isEmpty() ? near : same;
        String advice = near.stream().allMatch(name -> TEXT.matcher(name).matches())
                ? "rename it to " + missing
                : "provide its rows as " + missing;
        return near.size() == 1
                ? near.get(0) + " is there" + encoding(missing, near.get(0)) + ": if that is the right file, " + advice
                : listed(near) + " are there: if one of them is the right file, " + advice;
    }

    /**
     * The same for a name that may lead to a folder below the place where it was looked for.
     *
     * @param place a folder or bucket
     * @throws IOException if the location can't be read
     */
    public static String hint(Locations locations, String place, String missing, Collection<String> wanted)
            throws IOException {
        int name = missing.lastIndexOf('/') + 1;
        String folder = name == 0 ? place : place + "/" + missing.substring(0, name - 1);
        return hint(locations.of(folder), missing.substring(name), wanted);
    }

    /** A folder that this user may not open is a folder all the same. */
    private static Optional<List<String>> namesBelow(Location location, String name) throws IOException {
        try {
            return location.namesBelow(name);
        } catch (AccessDeniedException closed) {
            return Optional.of(List.of());
        }
    }

    /** What to do with a folder that has the name of a file. Spark writes its results so. */
    private static String folder(String name, List<String> files) {
        List<String> visible =
                files.stream().filter(file -> !file.startsWith(".")).sorted().toList();
        if (visible.isEmpty()) {
            return name + " is a folder there, and a file is needed";
        }
        String spark = visible.stream().anyMatch(file -> file.startsWith("part-"))
                ? " (Spark writes a single part after coalesce(1))"
                : "";
        return name + " is a folder there, with " + listed(visible)
                + " in it, and a file is needed: put its rows there as one file with one header" + spark;
    }

    private static String listed(List<String> all) {
        int more = all.size() - MOST_SHOWN;
        List<String> names = more <= 0
                ? all
                : Stream.concat(all.stream().limit(MOST_SHOWN), Stream.of(more + " more"))
                        .toList();
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    /** How two names differ that look the same: accents are part of their character (NFC) or characters of their own (NFD). */
    public static String encoding(String wanted, String name) {
        if (!composed(name).equals(composed(wanted))) {
            return "";
        }
        String form = Normalizer.isNormalized(name, Normalizer.Form.NFD) ? "NFD, as macOS writes names" : "NFC";
        return ", which looks the same but is encoded in another way (Unicode " + form + ")";
    }

    /** A name in the form in which those that look the same are equal. */
    public static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
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

    /** The words of a name without its endings, in lowercase. */
    private static String[] words(String name) {
        String[] parts = composed(name).toLowerCase(Locale.ROOT).split("\\.", -1);
        int first = parts[0].isEmpty() && parts.length > 1 ? 1 : 0;
        return Arrays.stream(parts[first].split("[^\\p{L}]+", -1))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}
