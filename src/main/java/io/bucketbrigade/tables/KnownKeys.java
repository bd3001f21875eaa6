package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of the columns that rows are checked against: those that must be unique, and those that others refer to.
 */
final class KnownKeys {
    private final Map<String, LongKeys> sets = new LinkedHashMap<>();
    private final Map<String, RejectedKeys> referredTo = new HashMap<>();

    KnownKeys(List<TableMapping> mappings) {
        for (TableMapping mapping : mappings) {
            for (Column column : mapping.columns()) {
                if (column.unique()) {
                    sets.computeIfAbsent(mapping.key(column), key -> new LongKeys());
                }
                column.knownIn().forEach(key -> sets.computeIfAbsent(key, one -> new LongKeys()));
                column.knownIn().forEach(key -> referredTo.put(key, new RejectedKeys()));
            }
        }
    }

    /** The values of a column, written {@code file column}, so far; null if nobody asks for them. */
    @Nullable
    LongKeys of(String column) {
        return sets.get(column);
    }

    /** Whether a column, written {@code file column}, is one that others refer to. */
    boolean isReferredTo(String column) {
        return referredTo.containsKey(column);
    }

    /**
     * The values of a column that others refer to.
     *
     * @throws Problem if it has none
     */
    LongKeys known(String column) {
        LongKeys set = sets.get(column);
        if (set == null) {
            throw new Problem(
                    Kind.USAGE, "No table mapping has the column '" + column + "' that another one refers to.");
        }
        return set;
    }

    /** What rejected rows have in a column, written {@code file column}; null if no other file refers to it. */
    @Nullable
    RejectedKeys rejected(String column) {
        return referredTo.get(column);
    }

    /** Why a row falls whose field refers to a rejected row, in words; null if no rejected row is known to hold the value. */
    @Nullable
    String rejectedElsewhere(Column column, long value) {
        for (String key : column.knownIn()) {
            RejectedKeys rejected = referredTo.get(key);
            if (rejected != null && rejected.contains(value)) {
                String[] fileAndColumn = key.split(" ", 2);
                long line = rejected.line(value);
                return Rejected.becauseOf(
                        column.name(),
                        fileAndColumn[1].replaceFirst("_id$", "").replace('_', ' ') + " " + value,
                        fileAndColumn[0] + (line == RejectedKeys.UNKNOWN ? "" : ", line " + line));
            }
        }
        return null;
    }

    /** Whether the values of all rejected rows that a column could refer to are known. */
    boolean areAllRead(Column column) {
        return column.knownIn().stream()
                .map(referredTo::get)
                .noneMatch(rejected -> rejected != null && rejected.hasUnread());
    }
}
