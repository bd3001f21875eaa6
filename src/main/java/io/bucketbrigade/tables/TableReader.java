package io.bucketbrigade.tables;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.csv.Rejects;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.settings.PipelineSettings.MaxRejected;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import io.bucketbrigade.tables.Reading.Outcome;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads files by their table mappings: rows that can't be accepted are rejected, with file, line, column and reason; the others are
 * written to a file of our own, as PostgreSQL's COPY takes them. So nothing in the database is locked while files are read,
 * which may take long from a bucket.
 */
final class TableReader {
    private static final int MOST_REJECTED = 5_000;

    private static final int BUFFER = 1 << 16;

    private final Locations locations;
    private final MaxRejected maxRejected;
    private final InputFiles files;

    /**
     * @param maxRejected how many of a file's rows may be rejected
     * @param files the files with the tables that they go to
     */
    TableReader(Locations locations, MaxRejected maxRejected, InputFiles files) {
        this.locations = locations;
        this.maxRejected = maxRejected;
        this.files = files;
    }

    /**
     * Begins to read; nothing is written where it is only a rehearsal.
     *
     * @throws Problem if a column in pipeline.yaml can't be understood
     */
    Reading begin(Inputs inputs, boolean isRehearsal) {
        return new Reading(TableMapping.of(files, inputs.names()), inputs, isRehearsal);
    }

    /**
     * Reads one file.
     *
     * @throws io.bucketbrigade.csv.CsvException if its file can't be read as CSV, or is missing a column
     * @throws Problem if a quote in it is never closed: what was meant to follow is lost
     * @throws IOException if reading or writing failed
     */
    void read(Reading reading, TableMapping mapping) throws IOException {
        Source source = reading.inputs().get(mapping.file());
        Header header =
                Header.read(source, mapping.columns().stream().map(Column::name).toList());
        int[] places = mapping.columns().stream()
                .mapToInt(column -> header.index(column.name()))
                .toArray();
        Records records = new Records(source, header, MOST_REJECTED);
        Rejects consequences = new Rejects(MOST_REJECTED);
        TypedRow row = new TypedRow(mapping, reading.keys);
        Path typed = null;
        if (reading.isRehearsal()) {
            read(records, row, places, consequences, OutputStream.nullOutputStream());
        } else {
            typed = locations.temporary(mapping.file());
            reading.wrote(typed);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(typed), BUFFER)) {
                read(records, row, places, consequences, out);
            }
        }
        if (records.openQuoteLine() > 0) {
            throw new Problem(
                    Kind.INPUT,
                    mapping.file() + ", line " + records.openQuoteLine()
                            + ": a quote is opened and never closed. Close it, or double it where it is part of the text.",
                    mapping.file(),
                    records.openQuoteLine(),
                    null,
                    null);
        }
        reading.ended(mapping, new Outcome(records.rows(), records.rejects(), consequences, records.remarks(), typed));
    }

    private static void read(Records records, TypedRow row, int[] places, Rejects consequences, OutputStream out)
            throws IOException {
        while (records.nextOfAnyKind()) {
            boolean broken = records.problem() != null;
            String problem = broken ? records.problem() : row.make(records, places);
            if (problem == null) {
                out.write(row.bytes(), 0, row.length());
            } else {
                records.reject(problem, !broken && row.isConsequence() ? consequences : records.rejects());
                row.rejected(records, places);
            }
        }
    }

    /**
     * Checks that not too many rows were rejected. Rows that fall only because a row they refer to was rejected don't count towards
     * the limit: that row does.
     *
     * @throws io.bucketbrigade.runs.TooManyRejected if too many rows of a file were rejected
     */
    void limitRejected(Reading reading) {
        for (TableMapping mapping : reading.mappings()) {
            Outcome outcome = reading.outcome(mapping);
            RowCounts.limitRejected(
                    mapping.file(), outcome.rows(), outcome.rejects(), maxRejected.share(), maxRejected.name());
        }
    }

    /** Adds up what became of the rows. */
    static RowCounts rowCounts(Reading reading) {
        List<FileOutcome> files = reading.files();
        List<Rejected> rejected = new ArrayList<>();
        Map<String, Long> notes = new LinkedHashMap<>();
        long consequences = 0;
        for (TableMapping mapping : reading.mappings()) {
            Outcome outcome = reading.outcome(mapping);
            notes.putAll(outcome.remarks());
            List<Rejected> first = Stream.of(outcome.rejects(), outcome.consequences())
                    .flatMap(rejects -> rejects.first().stream())
                    .sorted(Comparator.comparingLong(Rejected::line))
                    .toList();
            rejected.addAll(Rejected.listed(mapping.file(), outcome.rejected(), first));
            consequences += outcome.consequences().rows();
        }
        if (consequences > 0) {
            notes.put(RowCounts.CONSEQUENCES, consequences);
        }
        long read = files.stream().mapToLong(FileOutcome::rows).sum();
        long left = files.stream().mapToLong(FileOutcome::rejected).sum();
        return new RowCounts(read, read - left, left, notes, rejected, files);
    }
}
