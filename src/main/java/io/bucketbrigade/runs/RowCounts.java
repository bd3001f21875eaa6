package io.bucketbrigade.runs;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a run's rows.
 *
 * @param rowsRead rows of the main input, the header and empty lines not among them
 * @param rowsCounted rows that went into the result
 * @param rowsRejected rows rejected
 * @param notes further figures worth reporting, such as unknown authors
 * @param rejected the first rejected rows, of any input, and how many more there were ({@link Rejected#listed})
 * @param files what became of each file, where there are many
 */
public record RowCounts(
        long rowsRead,
        long rowsCounted,
        long rowsRejected,
        Map<String, Long> notes,
        List<Rejected> rejected,
        List<FileOutcome> files) {
    /** The note that says how many rows were rejected only because a row they refer to was; they don't count towards the limit. */
    public static final String CONSEQUENCES = "rejected_as_consequences";

    public RowCounts {
        notes = new LinkedHashMap<>(notes);
        rejected = List.copyOf(rejected);
        files = List.copyOf(files);
    }

    /** Of a run with a few files, which are all accepted or the run fails. */
    public RowCounts(
            long rowsRead, long rowsCounted, long rowsRejected, Map<String, Long> notes, List<Rejected> rejected) {
        this(rowsRead, rowsCounted, rowsRejected, notes, rejected, List.of());
    }

    /** The same with further figures worth reporting. */
    public RowCounts with(Map<String, Long> further) {
        Map<String, Long> all = new LinkedHashMap<>(notes);
        all.putAll(further);
        return new RowCounts(rowsRead, rowsCounted, rowsRejected, all, rejected, files);
    }

    /** The notes that read as text with their number: {@code 44 rows of users.csv read as semicolon-separated}. */
    public List<String> remarks() {
        return notes.entrySet().stream()
                .filter(note -> isRemark(note.getKey()))
                .map(note -> note.getValue() + " "
                        + (note.getValue() == 1
                                ? note.getKey().replaceFirst("^(row|name|line|column|case|closure reason)s ", "$1 ")
                                : note.getKey()))
                .toList();
    }

    private static boolean isRemark(String note) {
        return note.indexOf(' ') >= 0;
    }

    /** The notes that are named figures: {@code duplicate_users 2}; without those of 0. */
    public List<String> figures() {
        return notes.entrySet().stream()
                .filter(note -> note.getValue() > 0 && !isRemark(note.getKey()))
                .map(note -> note.getKey() + " " + note.getValue())
                .toList();
    }

    /** A figure among the notes; 0 if there is none of that name. */
    public long note(String name) {
        return notes.getOrDefault(name, 0L);
    }

    /**
     * Checks that no row got lost.
     *
     * @throws Problem if rows read are not rows counted plus rows rejected
     */
    public void balance() {
        if (rowsRead != rowsCounted + rowsRejected) {
            throw new Problem(
                    Kind.INTERNAL,
                    "The row counts don't balance: " + rowsRead + " rows read, but " + rowsCounted + " counted and "
                            + rowsRejected + " rejected. Nothing was published. Please report this with the input.");
        }
    }

    /**
     * Checks that not too many rows of a file were rejected.
     *
     * @param most the largest share that is allowed, 0 to 1
     * @throws Problem if it were more; the message names the first row
     */
    public static void limitRejected(String file, long rows, Rejects rejects, BigDecimal most, String setting) {
        long rejectedRows = rejects.rows();
        if (!isMore(rejectedRows, rows, most)) {
            return;
        }
        List<Rejected> rejected = rejects.first();
        Rejected first = rejected.isEmpty() ? new Rejected(file, 0, "unknown", "") : rejected.get(0);
        throw new TooManyRejected(
                new Problem(
                        Kind.INPUT,
                        first.place() + ": " + first.reason().replaceFirst("[.?]$", "") + "; "
                                + Counted.number(rejectedRows) + " of "
                                + Counted.of(rows, "row") + " can't be used (" + percent(rejectedRows, rows)
                                + "), more than " + setting
                                + " allows ("
                                + percent(most)
                                + "). Correct the rows or raise the limit.",
                        file,
                        first.line(),
                        null,
                        null),
                new RowCounts(
                        rows,
                        rows - rejectedRows,
                        rejectedRows,
                        Map.of(),
                        Rejected.listed(file, rejectedRows, rejected)));
    }

    /**
     * Checks that not too many files were skipped, and never all.
     *
     * @param index what names the files
     * @param most the largest share that is allowed, 0 to 1
     * @throws TooManyRejected if more were; the message names the first file, or says that none can be used
     */
    public void limitSkipped(String index, BigDecimal most, String setting) {
        List<FileOutcome> skipped =
                files.stream().filter(file -> file.skipped() != null).toList();
        if (!isMore(skipped.size(), files.size(), most)) {
            if (skipped.size() == files.size()) {
                throw new TooManyRejected(
                        new Problem(Kind.INPUT, "None of the files that " + index + " names can be used."), this);
            }
            return;
        }
        FileOutcome first = skipped.get(0);
        throw new TooManyRejected(
                new Problem(
                        Kind.INPUT,
                        skipped.size() + " of " + Counted.of(files.size(), "file") + " that " + index
                                + " names can't be used ("
                                + percent(skipped.size(), files.size()) + "), more than " + setting + " allows ("
                                + percent(most) + "); the first is "
                                + first.file() + ": " + first.skipped()
                                + ". Correct the files or raise the limit."),
                this);
    }

    /** Whether a part is more than a share of the whole, 0 to 1. */
    public static boolean isMore(long part, long whole, BigDecimal most) {
        return BigDecimal.valueOf(part).compareTo(most.multiply(BigDecimal.valueOf(whole))) > 0;
    }

    /** How much of the whole a part is, such as 33.33%. */
    public static String percent(long part, long whole) {
        return percent(BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 4, RoundingMode.HALF_UP));
    }

    /** A share, 0 to 1, such as 1%. */
    public static String percent(BigDecimal share) {
        return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
