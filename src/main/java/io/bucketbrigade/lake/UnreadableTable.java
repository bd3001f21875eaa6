package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Words for a table of a lake that can't be read: which it is, what is wrong with it, and what to do. They name files below the lake, but not where that is, as
 * anybody may read them.
 */
final class UnreadableTable {
    private UnreadableTable() {}

    /** Its metadata is not in the lake. */
    static Problem elsewhere(TableName name) {
        return new Problem(
                Kind.TRANSIENT,
                "The table " + name
                        + " is not in the lake, but in another folder or bucket; ./brigade doctor shows both. Name the place where it was; or, to"
                        + " begin with an empty lake here, remove the table's row from lake.iceberg_tables.");
    }

    /** The catalog does not say where its metadata is. */
    static Problem withoutMetadata(TableName name) {
        return lost(name, "its row in lake.iceberg_tables names no metadata file", null);
    }

    private static Problem data(String file, String what) {
        String[] parts = file.split("/", 3);
        TableName name = new TableName(parts[0], parts.length > 2 ? parts[1] : file);
        return lost(name, "its file " + file + " " + what, null);
    }

    /**
     * Reading what describes it failed.
     *
     * @param file what was read, in words
     */
    static Problem of(TableName name, String file, Throwable failure) {
        Problem known = Problems.find(failure, Problem.class).orElse(null);
        if (known != null) {
            return new Problem(Kind.TRANSIENT, "The table " + name + " can't be read: " + known.sentence(), failure);
        }
        FileSystemException system =
                Problems.find(failure, FileSystemException.class).orElse(null);
        NotFoundException missing =
                Problems.find(failure, NotFoundException.class).orElse(null);
        if (missing != null) {
            return lost(name, "its file " + missing.getMessage(), failure);
        }
        if (system != null) {
            return new Problem(
                    Kind.TRANSIENT,
                    "The table " + name + " can't be read: " + file + " can't be read ("
                            + (system instanceof AccessDeniedException
                                    ? "its permissions do not allow it"
                                    : Objects.toString(system.getReason(), "the system gives no reason"))
                            + "). Check the disk and its permissions.",
                    failure);
        }
        return lost(name, file + " is damaged", failure);
    }

    /**
     * Checks that a data file is as a table says.
     *
     * @param file its name below the lake
     * @param length how many bytes it has; null if it is not there
     * @throws Problem if it is not
     */
    static void requireLength(String file, @Nullable Long length, long expected) {
        if (length == null) {
            throw data(file, "is missing");
        }
        if (length != expected) {
            throw data(file, "has " + length + " bytes instead of " + expected);
        }
    }

    private static Problem lost(TableName name, String what, @Nullable Throwable cause) {
        return new Problem(
                Kind.TRANSIENT,
                "The table " + name + " can't be read: " + what
                        + ". Bring the lake back, such as its disk or a backup as old as that of the database; or, if it is lost, make the table again from the files"
                        + " in raw: ./brigade run " + name.pipeline()
                        + " --again --why \"…\" --forget-lost-tables.",
                new LostFile(what, cause));
    }
}
