package io.bucketbrigade.files;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The one place that makes paths from text: from settings, arguments, requests and files. Which characters a path can hold depends on
 * the locale in which Java was started, so any such text may turn out not to be a path.
 */
public final class FilePaths {
    private static final String ALL_CHARACTERS = "é€漢😀";

    private FilePaths() {}

    /**
     * The path that a setting or an argument names, absolute. A relative one is meant from the working folder; {@code ~} and
     * {@code ~/x} are meant from the home folder. {@code ~name}, which a shell takes for somebody else's home folder, is refused.
     *
     * @throws Problem of the kind USAGE if it can't be a path here
     */
    public static Path of(String text) {
        if (text.equals("~") || text.startsWith("~/")) {
            return literal(home() + text.substring(1));
        }
        if (text.startsWith("~")) {
            throw new Problem(
                    Kind.USAGE,
                    "'" + text
                            + "' can't be used: only ~ and ~/ are replaced, by your own home folder. Write the path in full,"
                            + " or ./" + text + " if the name begins with ~.");
        }
        return literal(text);
    }

    private static String home() {
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home", ""));
        if (!Path.of(home).isAbsolute()) {
            throw new Problem(
                    Kind.USAGE, "~ can't be used: this user has no home folder. Set HOME, or write the path in full.");
        }
        return home;
    }

    /**
     * The path that a caller over HTTP names, absolute. A relative one is meant from the working folder; ~ is a character like any
     * other.
     *
     * @throws Problem of the kind USAGE if it can't be a path here
     */
    public static Path literal(String text) {
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                checkWorkingFolder();
            }
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Problem(Kind.USAGE, Problems.of(e).sentence(), e);
        }
    }

    /** A file as messages name it: from the working folder if it is below that, else in full. */
    public static String shown(Path file) {
        Path here = of("");
        Path there = file.toAbsolutePath().normalize();
        return there.startsWith(here) ? here.relativize(there).toString() : there.toString();
    }

    /**
     * The path of a file in a folder.
     *
     * @param name the file's name, or its path below the folder
     * @throws Problem of the kind INPUT if it can't be a name here
     */
    public static Path in(Path folder, String name) {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new Problem(Kind.INPUT, Problems.of(e).sentence(), name, 0, null, e);
        }
    }

    /** Java takes a working folder that its locale can't express for another one, and would write there. */
    private static void checkWorkingFolder() {
        Path folder = Path.of("").toAbsolutePath();
        if (!limits().isEmpty() && !isHere(folder)) {
            throw new Problem(
                    Kind.USAGE, "The name of the working folder can't be read: it is not " + folder + ". " + limits());
        }
    }

    private static boolean isHere(Path folder) {
        try {
            return Files.isSameFile(folder, Path.of("."));
        } catch (IOException notThere) {
            return false;
        }
    }

    /** What paths can't hold in the locale in which Java was started, and what to do; blank if they can hold any character. */
    public static String limits() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (Charset.isSupported(encoding)
                && Charset.forName(encoding).newEncoder().canEncode(ALL_CHARACTERS)) {
            return "";
        }
        return "Files whose names have characters outside of " + encoding
                + " can't be used, because Java was started in a locale without UTF-8. Set LC_ALL=C.UTF-8, or start with"
                + " ./brigade, which does.";
    }
}
