package io.bucketbrigade.storage;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files that a pipeline awaits at a place, and the columns that each must have. */
public final class AwaitedFiles {
    private final String place;
    private final Map<String, List<String>> columns = new LinkedHashMap<>();

    /**
     * @param place the folder or bucket
     * @param files the files with their columns, as {@code name: column,column; name: column}
     */
    public AwaitedFiles(String place, String files) {
        this.place = place;
        for (String file : files.split(";", -1)) {
            String[] parts = file.split(":", 2);
            columns.put(parts[0].strip(), List.of(parts[1].strip().split("\\s*,\\s*", -1)));
        }
    }

    /** The folder or bucket. */
    public String place() {
        return place;
    }

    /** The files' names. */
    public Set<String> names() {
        return columns.keySet();
    }

    /**
     * The columns that a file must have.
     *
     * @throws Problem if no such file is awaited
     */
    public List<String> columns(String name) {
        List<String> needed = columns.get(name);
        if (needed == null) {
            throw new Problem(
                    Kind.MISSING,
                    name + " is not an input of this pipeline. Use " + String.join(" or ", columns.keySet()) + ".");
        }
        return needed;
    }
}
