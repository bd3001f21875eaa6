package io.bucketbrigade.rows;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bucketbrigade.csv.Block;
import io.bucketbrigade.csv.BlockTally;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.KeyCount;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.RowIndex;
import io.bucketbrigade.csv.Separator;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputLocation;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the files of pipelines, however large: where the rows are is found by counting the file once, in parallel blocks,
 * and kept as long as the file stays the same; a page then takes reading one block.
 */
public final class RawPages {
    private static final int LIMIT = 100;
    private static final int MOST_ROWS = 1000;
    private static final int LONGEST_FIELD = 2000;

    private final Locations locations;
    private final InputLocations inputs;
    private final int blockSize;
    private final ExecutorService counting;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * @param blockSize bytes per block
     * @param counting where blocks are counted
     */
    public RawPages(Locations locations, InputLocations inputs, int blockSize, ExecutorService counting) {
        this.locations = locations;
        this.inputs = inputs;
        this.blockSize = blockSize;
        this.counting = counting;
    }

    private record Known(Identity identity, Header header, RowIndex index, long rows) {}

    /** Takes over where a file's rows are from a run that has counted them, so that nobody has to count them again. */
    public void takeOver(String pipeline, String name, Inputs read, KeyCount count) {
        known.put(
                key(pipeline, name), new Known(read.get(name).identity(), count.header(), count.index(), count.rows()));
    }

    private static String key(String pipeline, String name) {
        return pipeline + "/" + name;
    }

    /** How many rows that version of a file has; null if nobody has counted them. */
    @Nullable
    Long rows(String pipeline, Identity version) {
        Known file = known.get(key(pipeline, version.name()));
        return file != null && file.identity.equals(version) ? file.rows : null;
    }

    /**
     * A page of a file.
     *
     * @param modified when the file was last changed
     * @param rows how many rows the file has, those that can't be used among them
     * @param readAs {@code semicolon-separated}, or whatever the file is if not comma-separated; null if it is
     * @param offset how many rows were passed over
     */
    public record Page(
            String file,
            String place,
            long size,
            String modified,
            long rows,
            List<String> columns,
            @JsonProperty("read_as") @Nullable String readAs,
            long offset,
            List<Row> data) {}

    /**
     * A row.
     *
     * @param line where it starts, from 1; 0 if that is not known
     * @param fields its fields, long ones cut; only the beginning of its text if it can't be used
     * @param problem why it can't be used; null if it can
     */
    public record Row(
            long line, List<String> fields, @Nullable String problem) {}

    /**
     * The page.
     *
     * @param offset how many rows to pass over; null for none
     * @param limit how many rows at most, up to 1000; null for 100
     * @throws io.bucketbrigade.problems.Problem if there is no such pipeline, or it reads no such file
     * @throws io.bucketbrigade.csv.CsvException if it can't be read as a CSV
     * @throws IOException if it is not there or can't be read
     */
    public Page page(
            @org.apache.camel.Header("pipeline") String pipeline,
            @org.apache.camel.Header("file") String name,
            @org.apache.camel.Header("offset") @Nullable Integer offset,
            @org.apache.camel.Header("limit") @Nullable Integer limit)
            throws IOException {
        InputLocation location = inputs.of(pipeline);
        InputFile input = location.require(name);
        long first = offset == null ? 0 : offset;
        int most = Math.min(limit == null ? LIMIT : limit, MOST_ROWS);
        try (Source source = locations.of(location.place()).open(name)) {
            Known file = known(key(pipeline, name), source, input);
            return new Page(
                    name,
                    location.place(),
                    source.length(),
                    file.identity.modified().toString(),
                    file.rows,
                    file.header.columns(),
                    file.header.separator() == Separator.COMMA
                            ? null
                            : file.header.separator().words(),
                    first,
                    read(source, file, first, most));
        }
    }

    private Known known(String key, Source source, InputFile input) throws IOException {
        Known before = known.get(key);
        if (before != null && before.identity.equals(source.identity())) {
            return before;
        }
        synchronized (this) {
            Known meanwhile = known.get(key);
            if (meanwhile != null && meanwhile.identity.equals(source.identity())) {
                return meanwhile;
            }
            Known counted = count(source, input);
            known.put(key, counted);
            return counted;
        }
    }

    private Known count(Source source, InputFile input) throws IOException {
        String key = input.key();
        Header header = Header.read(source, key == null ? input.columns() : List.of(key));
        KeyCount count = KeyCount.ofRows(source, header, blockSize);
        List<Future<BlockTally>> tallies = new ArrayList<>();
        for (Iterator<Block> blocks = count.blocks(); blocks.hasNext(); ) {
            tallies.add(counting.submit(blocks.next()::tally));
        }
        try {
            for (Future<BlockTally> tally : tallies) {
                count.add(tally.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new IOException(e.getCause());
        } finally {
            tallies.forEach(tally -> tally.cancel(false));
        }
        return new Known(source.identity(), header, count.index(), count.rows());
    }

    private static List<Row> read(Source source, Known file, long first, int most) throws IOException {
        List<Row> rows = new ArrayList<>();
        RowIndex.Mark mark = file.index.before(first, file.header);
        Records records = new Records(source, file.header, mark, MOST_ROWS);
        boolean found = true;
        while (found && rows.size() < most) {
            long rejectedBefore = records.rejects().rows();
            found = records.next();
            long rejected = records.rejects().rows() - rejectedBefore;
            long number = mark.row() + records.rows() - rejected - (found ? 1 : 0);
            for (long left = rejected; left > 0; left--, number++) {
                if (number >= first && rows.size() < most) {
                    rows.add(unusable(records, records.rejects().rows() - left));
                }
            }
            if (found && number >= first && rows.size() < most) {
                rows.add(new Row(records.line(), fields(records), null));
            }
        }
        return rows;
    }

    private static Row unusable(Records records, long number) {
        List<Rejected> kept = records.rejects().first();
        if (number >= kept.size()) {
            return new Row(0, List.of(), "this row can't be used, like many rows before it");
        }
        Rejected rejected = kept.get((int) number);
        return new Row(rejected.line(), List.of(cut(rejected.text())), rejected.reason());
    }

    private static List<String> fields(Records records) {
        List<String> fields = new ArrayList<>();
        for (int column = 0; column < records.header().columns().size(); column++) {
            fields.add(cut(records.text(column)));
        }
        return fields;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_FIELD ? text : text.substring(0, LONGEST_FIELD) + "…";
    }
}
