package io.bucketbrigade.rows;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of a CSV file's columns. A spreadsheet may end all lines with a separator, or some of them, so a column without a name is none, as
 * long as it is empty.
 *
 * @param names as {@link CsvText#names} reads them; blank for a column without one
 */
public record CsvHeader(List<String> names) {
    public CsvHeader {
        names = List.copyOf(names);
    }

    /** Why a row does not fit the header, as a sentence without a full stop; null if it does. */
    public @Nullable String fault(CsvRecord row) {
        if (row.getFieldCount() < needed() || row.getFieldCount() > names.size()) {
            return "The row has " + row.getFieldCount() + " fields, but the header has " + names.size();
        }
        for (int at = 0; at < row.getFieldCount(); at++) {
            if (names.get(at).isBlank() && !row.getField(at).isBlank()) {
                return "The row has a value in column " + (at + 1) + ", which has no name in the header";
            }
        }
        return null;
    }

    /** How many fields a row has at least: up to the last column that has a name. */
    private int needed() {
        int needed = names.size();
        while (needed > 0 && names.get(needed - 1).isBlank()) {
            needed--;
        }
        return needed;
    }
}
