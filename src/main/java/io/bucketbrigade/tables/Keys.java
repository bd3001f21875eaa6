package io.bucketbrigade.tables;

import com.carrotsearch.hppc.LongHashSet;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of the columns that rows are checked against: those that must be unique, and those that others refer to. Some
 * sixteen bytes of memory each.
 */
final class Keys {
    private final Map<String, LongHashSet> sets = new LinkedHashMap<>();

    Keys(List<Sheet> sheets) {
        for (Sheet sheet : sheets) {
            for (Column column : sheet.columns()) {
                if (column.unique()) {
                    sets.computeIfAbsent(sheet.file() + " " + column.name(), key -> new LongHashSet());
                }
                column.knownIn().forEach(key -> sets.computeIfAbsent(key, one -> new LongHashSet()));
            }
        }
    }

    /** The values of a column, written {@code file column}, so far; null if nobody asks for them. */
    @Nullable
    LongHashSet of(String column) {
        return sets.get(column);
    }

    /**
     * The values of a column that others refer to.
     *
     * @throws Problem if it has none
     */
    LongHashSet known(String column) {
        LongHashSet set = sets.get(column);
        if (set == null) {
            throw new Problem(Kind.USAGE, "No sheet has the column '" + column + "' that a route refers to.");
        }
        return set;
    }
}
