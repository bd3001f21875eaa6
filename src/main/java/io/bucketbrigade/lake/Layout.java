package io.bucketbrigade.lake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rows are spread over files.
 *
 * @param columns those by which the table is partitioned, if it is made now; none if it is not partitioned
 * @param partition the value of the only column, if all rows are of one partition; null if the rows say so themselves
 */
record Layout(List<String> columns, @Nullable String partition) {
    static Layout by(List<String> columns) {
        return new Layout(columns, null);
    }

    /** All rows are of one partition, so that nothing has to be sorted. */
    static Layout onePartition(String column, String value) {
        return new Layout(List.of(column), value);
    }
}
