package io.bucketbrigade.rows;

import io.bucketbrigade.csv.ByteSource;
import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.RowGuard;
import io.bucketbrigade.csv.Separator;
import java.io.IOException;
import java.util.List;

/** Opens a CSV for camel-csv: its header checked, its first broken row refused. */
public final class GuardedRows {
    /** How many rejected rows of one file are kept with their text. All are counted. */
    public static final int KEPT_REJECTED = 1000;

    private final List<String> columns;

    /** @param columns the columns that must be there, separated by commas */
    public GuardedRows(String columns) {
        this.columns = List.of(columns.split("\\s*,\\s*", -1));
    }

    /**
     * Reads the header, and gives the rows behind it.
     *
     * @throws CsvException if the file is empty, a column is missing, or fields are separated by anything but commas
     * @throws IOException if it can't be read
     */
    public RowGuard open(ByteSource source) throws IOException {
        Header header = Header.read(source, columns);
        if (header.separator() != Separator.COMMA) {
            throw new CsvException(
                    source.name(),
                    header.line(),
                    null,
                    "this file is " + header.separator().words() + ". Save it with commas, as it was written.");
        }
        return new RowGuard(source, header);
    }
}
