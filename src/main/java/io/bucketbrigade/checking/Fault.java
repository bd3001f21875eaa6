package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Something that is wrong in a file of a pipeline.
 *
 * @param file the file
 * @param line the line in it, from 1; 0 where it is about the whole file
 * @param isWarning whether the pipeline runs all the same
 * @param what what is wrong and what to do, without a full stop
 */
public record Fault(Path file, int line, boolean isWarning, String what) implements Comparable<Fault> {
    private static final Comparator<Fault> ORDER =
            Comparator.comparing(Fault::file).thenComparingInt(Fault::line).thenComparing(Fault::what);

    /** One line for people. A file below the working folder is named from there. */
    public String sentence() {
        return shown(file) + (line > 0 ? ", line " + line : "") + ": " + (isWarning ? "warning: " : "") + what
                + (what.endsWith("?") ? "" : ".");
    }

    /** A file as messages name it. */
    static String shown(Path file) {
        return FilePaths.shown(file);
    }

    @Override
    public int compareTo(Fault other) {
        return ORDER.compare(this, other);
    }
}
