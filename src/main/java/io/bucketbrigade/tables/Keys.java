package io.bucketbrigade.tables;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of the columns that rows are checked against: those that must be unique, and those that others refer to.
 */
final class Keys {
    private final Map<String, LongKeys> sets = new LinkedHashMap<>();
    private final Set<String> referredTo = new HashSet<>();

    Keys(List<Sheet> sheets) {
        for (Sheet sheet : sheets) {
            for (Column column : sheet.columns()) {
                if (column.unique()) {
                    sets.computeIfAbsent(sheet.file() + " " + column.name(), key -> new LongKeys());
                }
                column.knownIn().forEach(key -> sets.computeIfAbsent(key, one -> new LongKeys()));
                referredTo.addAll(column.knownIn());
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
        return referredTo.contains(column);
    }

    /**
     * The values of a column that others refer to.
     *
     * @throws Problem if it has none
     */
    LongKeys known(String column) {
        LongKeys set = sets.get(column);
        if (set == null) {
            throw new Problem(Kind.USAGE, "No sheet has the column '" + column + "' that a route refers to.");
        }
        return set;
    }
}
