package io.bucketbrigade.problems;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Puts any exception into words. */
public final class Problems {
    private Problems() {}

    /** The problem behind an exception: the first in the chain of causes that has a message for people. */
    public static Problem of(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            Problem problem = known(at);
            if (problem != null) {
                return problem;
            }
        }
        return new Problem(
                Kind.INTERNAL,
                "This is a fault in Bucket Brigade (" + rootCause(thrown) + "). Please report it with the log.",
                thrown);
    }

    /** The innermost cause as Java names it, without a full stop. */
    public static String rootCause(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + firstLine(root.getMessage()));
    }

    /** The first exception of that class in the chain of causes; Camel wraps what beans throw in expressions. */
    public static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> wanted) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (wanted.isInstance(at)) {
                return Optional.of(wanted.cast(at));
            }
        }
        return Optional.empty();
    }

    private static @Nullable Problem known(Throwable thrown) {
        if (thrown instanceof Problem problem) {
            return problem;
        }
        if (thrown instanceof CsvException csv) {
            return new Problem(Kind.INPUT, String.valueOf(csv.getMessage()), csv.file(), csv.line(), csv.column(), csv);
        }
        if (thrown instanceof SQLException sql) {
            return isDatabaseAway(sql) || isTableChanged(sql)
                    ? new Problem(Kind.TRANSIENT, databaseAway(sql), sql)
                    : null;
        }
        if (thrown instanceof FileSystemException file) {
            Kind kind = file instanceof NoSuchFileException
                    ? Kind.MISSING
                    : file instanceof AccessDeniedException ? Kind.FORBIDDEN : Kind.TRANSIENT;
            return new Problem(kind, fileSentence(file), file.getFile(), 0, null, file);
        }
        if (thrown instanceof IOException io) {
            // A COPY whose line is cut fails so.
            if (io.getCause() instanceof SQLException sql && known(sql) != null) {
                return known(sql);
            }
            return new Problem(Kind.TRANSIENT, "Reading or writing failed: " + reason(io) + ".", io);
        }
        if (thrown instanceof InvalidPathException name) {
            return new Problem(Kind.USAGE, nameSentence(name), name);
        }
        if (thrown instanceof RejectedExecutionException stopping) {
            return new Problem(Kind.TRANSIENT, "The service is stopping. Try again when it is back.", stopping);
        }
        return null;
    }

    private static String reason(IOException io) {
        if (io instanceof ClosedChannelException) {
            return "it was interrupted";
        }
        return io.getMessage() == null ? "the system gives no reason" : firstLine(io.getMessage());
    }

    private static String databaseAway(SQLException sql) {
        // The pool says how long it waited and for how many; what made it wait comes after that, if it knows.
        String reason = sql.getCause() instanceof SQLException cause ? cause.getMessage() : sql.getMessage();
        String why = " (" + firstLine(reason).replaceAll(" after \\d+ms.*", "") + "). ";
        return switch (String.valueOf(sql.getSQLState())) {
            case "53100" -> "The database's disk is full" + why + "Free some space.";
            case "55P03" ->
                "Another program has locked what must be changed in the database" + why + "Stop it, or wait for it.";
            case "42501" ->
                "The database user does not have a right that a run or a call needs" + why
                        + "Grant it to the user in BRIGADE_DATABASE_URL, or make that user the owner.";
            case "42P01", "42703", "42804", "42809", "42846", "23502", "0A000" ->
                "A table in the database is not as Bucket Brigade created it" + why
                        + "It was changed or removed, or an older version is running: restore it, or start the newest version.";
            case "25P03", "25P04" ->
                "The database ended a connection that was silent in the middle of a change for too long" + why
                        + "Nothing was changed. If neither this process nor its machine was frozen, a step of the run took longer than BRIGADE_LEASE between two statements, or than a time limit of the database: raise that.";
            case "25006" -> "The database is read-only" + why + "Make it writable.";
            default ->
                "The database can't be reached or does not answer" + why
                        + "If BRIGADE_DATABASE_URL is set, check that it points to a running database. The embedded one"
                        + " restarts by itself; see postgres.log in the data folder.";
        };
    }

    private static String nameSentence(InvalidPathException name) {
        String text = name.getInput();
        String shown = "'" + text.replaceAll("\\p{Cntrl}", "?") + "' is not a valid file name here: ";
        return text.indexOf('\0') >= 0
                ? shown + "it contains a NUL character. Remove it."
                : shown + "Java was started in a locale without its characters ("
                        + System.getProperty("sun.jnu.encoding") + "). Set LC_ALL=C.UTF-8.";
    }

    private static String fileSentence(FileSystemException file) {
        if (file instanceof NoSuchFileException) {
            return file.getFile() + " does not exist.";
        }
        if (file instanceof AccessDeniedException) {
            return file.getFile() + " may not be read or written by this user. Change its permissions.";
        }
        return file.getFile() + ": " + (file.getReason() == null ? "failed" : file.getReason());
    }

    /**
     * Whether the database could not do it just now: SQLSTATE classes 08 (connection), 53 (resources), 57 (operator), 58 (system), 40
     * (rollback); 25006 (read only), 25P03 and 25P04 (silent, or at work, for too long), 55P03 (waited too long for somebody else's
     * lock), 42501 (somebody took away a right). Everything else is about the SQL itself.
     */
    public static boolean isDatabaseAway(SQLException sql) {
        return sql instanceof SQLTransientException
                || sql.getCause() instanceof ConnectException
                || String.valueOf(sql.getSQLState()).matches("(08|53|57|58|40)...|25006|25P03|25P04|55P03|42501");
    }

    /** Whether somebody changed a table, if the SQL is right: 42P01, 42703, 42804, 42809, 42846, 23502 and 0A000. */
    public static boolean isTableChanged(SQLException sql) {
        return String.valueOf(sql.getSQLState()).matches("42P01|42703|42804|42809|42846|23502|0A000");
    }

    /** The first line of what a library says, without its full stop. */
    public static String firstLine(@Nullable String message) {
        return String.valueOf(message).lines().findFirst().orElse("").strip().replaceFirst("\\.$", "");
    }
}
