package io.bucketbrigade.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a pipeline is sent one by one or in batches, rather than in files.
 *
 * @param key the column by which the rows keep their order: those with the same value stay in the order in which they arrived
 * @param columns what each row holds: names, and what their values must be
 * @param retention the setting that says how long rows stay in the log when all readers have dealt with them
 * @param keysKept the setting that says how long idempotency keys are kept
 * @param rejectedKept the setting that says how long rows are kept that could not be accepted; null if that is for ever
 * @param backlog the setting that says how many rows may wait for a reader before no more are accepted
 * @param lateAfter the setting that says how long a row may wait for a reader before health says so
 * @param buffer the setting that says where the rows go first; null if the program's own setting does
 * @param tables the tables that its readers fill; a rebuild needs them empty
 * @param beforeRebuild the route that fails if what readers fill besides these tables is not empty either; null if that is nothing
 * @param lines the one of them that has a row for each row, into which the rows of files are copied; null if there are no such files
 * @param archive where all rows are kept as they came; null if they are not
 */
public record RowStream(
        String key,
        Map<String, String> columns,
        String retention,
        String keysKept,
        @Nullable String rejectedKept,
        String backlog,
        String lateAfter,
        @Nullable String buffer,
        List<String> tables,
        @Nullable String beforeRebuild,
        @Nullable String lines,
        @Nullable Archive archive) {
    /**
     * Where all rows are kept as they came, in files.
     *
     * @param location the setting that names the folder or bucket
     * @param size the setting that says from how many bytes on, before compression, a file is finished
     * @param age the setting that says after which time at the latest it is
     */
    public record Archive(String location, String size, String age) {}

    public RowStream {
        tables = tables == null ? List.of() : List.copyOf(tables);
        columns = columns == null ? Map.of() : new LinkedHashMap<>(columns);
    }
}
