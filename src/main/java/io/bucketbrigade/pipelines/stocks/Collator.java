package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.pipelines.stocks.Collation.Member;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.InputsChanged;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collates a company's file: its rows, with what is computed of them, go to the output in the order of the index. */
public final class Collator {
    private static final int MOST_REJECTED_PER_FILE = 100;

    /**
     * Collates one file. What is wrong with it is kept, and the others go on.
     *
     * @throws IOException if reading or writing failed for a reason that may pass
     * @throws InputsChanged if the file changed while it was read
     */
    public void collate(Collation collation, Member member) throws IOException {
        try (OrderedOutput.Part part = collation.ordered.part(member.number())) {
            FileOutcome outcome = outcome(collation, member, part);
            if (outcome.skipped() != null) {
                collation.ended(member, outcome, List.of());
            }
        } catch (IOException | RuntimeException e) {
            collation.ordered.giveUp(e);
            throw e;
        }
    }

    private static FileOutcome outcome(Collation collation, Member member, OrderedOutput.Part part) throws IOException {
        String name = member.name();
        String company = Collation.company(name);
        String bad = badName(name, company);
        if (bad != null) {
            return FileOutcome.skipped(name, bad);
        }
        if (!collation.isFirstOfItsCompany(member)) {
            return FileOutcome.skipped(name, "another file of the index provides the rows of " + company + " already");
        }
        try (Source source = open(collation, name)) {
            collation.run.bytesRead().add(source.length());
            return collate(collation, member, source, company, part);
        } catch (NoSuchFileException missing) {
            return FileOutcome.skipped(name, "it is missing" + collation.hint(name));
        } catch (FileSystemException unreadable) {
            return FileOutcome.skipped(
                    name, "it can't be read: " + Problems.of(unreadable).sentence());
        } catch (CsvException notParseable) {
            return FileOutcome.skipped(name, words(notParseable));
        } catch (Problem problem) {
            if (problem.kind() == Kind.INPUT || problem.kind() == Kind.MISSING) {
                return FileOutcome.skipped(name, problem.sentence().replaceFirst("\\.$", ""));
            }
            throw problem;
        }
    }

    private static @Nullable String badName(String name, String company) {
        if (company.isBlank() || name.startsWith(".") || name.matches("(?s).*[/\\\\\\x00-\\x1f].*")) {
            return "this is not the name of a file in Stocks";
        }
        return company.length() > HistoricalRow.WIDEST
                ? "the company's name has more than " + HistoricalRow.WIDEST + " characters"
                : null;
    }

    private static String words(CsvException problem) {
        StringBuilder words = new StringBuilder();
        if (problem.line() > 0) {
            words.append("line ").append(problem.line()).append(", ");
        }
        if (problem.column() != null) {
            words.append("column ").append(problem.column()).append(": ");
        }
        return words.append(problem.reason().replaceFirst("\\.$", "")).toString();
    }

    private static Source open(Collation collation, String name) throws IOException {
        Location files = collation.files;
        Map<String, Identity> there = collation.there;
        if (there == null) {
            return files.open(name);
        }
        Identity identity = there.get(name);
        if (identity == null) {
            throw new NoSuchFileException(name);
        }
        return files.open(identity);
    }

    private static FileOutcome collate(
            Collation collation, Member member, Source source, String company, OrderedOutput.Part part)
            throws IOException {
        Header header = Header.read(source, HistoricalRow.COLUMNS);
        int[] columns = HistoricalRow.COLUMNS.stream().mapToInt(header::index).toArray();
        Records records = new Records(source, header, MOST_REJECTED_PER_FILE);
        HistoricalRow row = new HistoricalRow(company);
        while (records.next()) {
            String problem = row.make(records, columns);
            if (problem == null) {
                part.write(row.bytes(), row.length());
            } else {
                records.reject(problem);
            }
        }
        if (source.changed()) {
            throw new InputsChanged(List.of(member.name()));
        }
        String broken = broken(records);
        if (broken != null) {
            return FileOutcome.skipped(member.name(), broken);
        }
        part.keep();
        FileOutcome accepted = FileOutcome.accepted(
                member.name(), records.rows(), records.rejects().rows());
        collation.remark(records.remarks("the stock files"));
        collation.ended(member, accepted, records.rejects().first());
        return accepted;
    }

    /** Why nothing of a file can be used; null if something can. */
    private static @Nullable String broken(Records records) {
        long rows = records.rows();
        if (rows == 0) {
            return "it has a header but no rows";
        }
        if (records.openQuoteLine() > 0) {
            return "line " + records.openQuoteLine() + ": a quote is opened and never closed";
        }
        if (records.rejects().rows() == rows) {
            var first = records.rejects().first().get(0);
            return (rows == 1 ? "its only row can't be used" : "none of its " + rows + " rows can be used") + "; line "
                    + first.line() + ": " + first.reason();
        }
        return null;
    }
}
