package io.bucketbrigade.csv;

import org.jspecify.annotations.Nullable;

/** The file can't be accepted at all: no header, a column missing, bytes that are not UTF-8 where text is needed. */
public final class CsvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long line;
    private final @Nullable String column;
    private final String reason;

    /**
     * @param file name of the file
     * @param line line in the file, from 1; 0 where no line can be named
     * @param column name of the column, where one can be named
     * @param reason what is wrong and what to do, as a sentence
     */
    public CsvException(String file, long line, @Nullable String column, String reason) {
        super(place(file, line, column) + ": " + reason);
        this.file = file;
        this.line = line;
        this.column = column;
        this.reason = reason;
    }

    private static String place(String file, long line, @Nullable String column) {
        StringBuilder place = new StringBuilder(file);
        if (line > 0) {
            place.append(", line ").append(line);
        }
        if (column != null) {
            place.append(", column ").append(column);
        }
        return place.toString();
    }

    public String file() {
        return file;
    }

    /** Line in the file, from 1; 0 where no line can be named. */
    public long line() {
        return line;
    }

    public @Nullable String column() {
        return column;
    }

    public String reason() {
        return reason;
    }
}
