package io.bucketbrigade.problems;

import org.jspecify.annotations.Nullable;

/**
 * Something went wrong that a person can fix. The message says what is wrong, where, and what to do; it is shown as it
 * is.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose turn it is. */
    public enum Kind {
        /** The request or the call is put wrongly. */
        USAGE(400, "Bad request"),
        FORBIDDEN(403, "Forbidden"),
        MISSING(404, "Not found"),
        METHOD(405, "Method not allowed"),
        /** What was announced did not come in time. */
        TOO_SLOW(408, "Request timeout"),
        /** Right in itself, but not as things are. */
        CONFLICT(409, "Conflict"),
        /** It was there, and will not be again. */
        GONE(410, "Gone"),
        TOO_LARGE(413, "Too large"),
        MEDIA_TYPE(415, "Unsupported media type"),
        /** The data can't be accepted as it is. */
        INPUT(422, "Unusable data"),
        /** Too much of it at once. */
        TOO_MANY(429, "Too many requests"),
        /** Nobody's fault, and worth another try later: database, network, disk. */
        TRANSIENT(503, "Not available just now"),
        /** Something in a pipeline's folder can't work, and its author must correct it. */
        PIPELINE(500, "Fault in a pipeline"),
        /** Nobody expected it; the log has the details. */
        INTERNAL(500, "Internal error");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        /** The HTTP status that says the same. */
        public int status() {
            return status;
        }

        /** The kind in a few words. */
        public String title() {
            return title;
        }
    }

    private final Kind kind;
    private final @Nullable String file;
    private final long line;
    private final @Nullable String column;

    public Problem(Kind kind, String message) {
        this(kind, message, null, 0, null, null);
    }

    public Problem(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, null, 0, null, cause);
    }

    /**
     * @param file the file it is about, where there is one
     * @param line the line in it, from 1; 0 where none can be named
     * @param column the column or key it is about
     */
    public Problem(
            Kind kind,
            String message,
            @Nullable String file,
            long line,
            @Nullable String column,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.file = file;
        this.line = line;
        this.column = column;
    }

    public Kind kind() {
        return kind;
    }

    public @Nullable String file() {
        return file;
    }

    /** The line, from 1; 0 where none can be named. */
    public long line() {
        return line;
    }

    public @Nullable String column() {
        return column;
    }

    /** The message, never null. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
