package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Draft;
import io.bucketbrigade.storage.NamedFile;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run in progress: which files are to be read, what is being written, and what became of each file so far. */
public final class Collation {
    /**
     * A file to be read.
     *
     * @param number its place in the index, from 0
     * @param name its name
     */
    public record Member(int number, String name) implements NamedFile {}

    /** What became of a member. */
    private record Outcome(int number, FileOutcome file, List<Rejected> rejected) {}

    private static final Logger LOG = LoggerFactory.getLogger(Collation.class);
    private static final long MOST_GATHERED = 32L << 20;

    final Run run;
    final CompanyIndex index;
    final Location files;
    /** What is in a bucket, listed once; null where the files are asked one by one. */
    final @Nullable Map<String, Identity> there;

    /** What is being written; null if it is only to be seen what would be. */
    final @Nullable Draft draft;

    final OrderedOutput ordered;
    /** The files that are there, by their names in one spelling; null until one is missing. Guarded by this. */
    private @Nullable Map<String, String> spellings;

    private final Map<String, Integer> firstOf = new HashMap<>();
    /** Guarded by this. */
    private final List<Outcome> outcomes = new ArrayList<>();
    /** Guarded by this. */
    private final Map<String, Long> remarks = new TreeMap<>();

    Collation(
            Run run, CompanyIndex index, Location files, @Nullable Map<String, Identity> there, @Nullable Draft draft) {
        this.run = run;
        this.index = index;
        this.files = files;
        this.there = there;
        this.draft = draft;
        this.ordered = new OrderedOutput(draft == null ? null : draft.channel(), MOST_GATHERED);
        members().forEach(member -> firstOf.putIfAbsent(company(member.name()), member.number()));
    }

    /** The files, in the order of the index. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (String name : index.names()) {
            members.add(new Member(members.size(), name));
        }
        return members;
    }

    /** What may help where a file is missing, as the end of a sentence: one whose name differs in capitals or in Unicode's form only. */
    String hint(String missing) throws IOException {
        String other = spellings().get(plain(missing));
        return other == null
                ? ""
                : "; " + other + " is there" + NearNames.encoding(missing, other)
                        + ": if that is the right file, rename it, or correct the index";
    }

    private static String plain(String name) {
        return NearNames.composed(name).toLowerCase(Locale.ROOT);
    }

    private synchronized Map<String, String> spellings() throws IOException {
        if (spellings == null) {
            Map<String, String> found = new HashMap<>();
            try {
                files.names(name -> true).forEach(name -> found.put(plain(name), name));
            } catch (NoSuchFileException noFolder) {
                LOG.debug("{} does not exist", files.name());
            }
            spellings = found;
        }
        return spellings;
    }

    /** The company whose rows a file makes: its name without .csv. */
    static String company(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".csv")
                ? name.substring(0, name.length() - ".csv".length())
                : name;
    }

    /** Whether no file before it in the index makes rows of the same company. */
    boolean isFirstOfItsCompany(Member member) {
        return Integer.valueOf(member.number()).equals(firstOf.get(company(member.name())));
    }

    synchronized void ended(Member member, FileOutcome outcome, List<Rejected> rejected) {
        outcomes.add(new Outcome(member.number(), outcome, rejected));
    }

    /** Keeps what is worth saying of how a file was read. */
    synchronized void remark(Map<String, Long> remarksOfFile) {
        remarksOfFile.forEach((remark, rows) -> remarks.merge(remark, rows, Long::sum));
    }

    /** What is worth saying of how the files were read, each with a number of rows. */
    synchronized Map<String, Long> remarks() {
        return new TreeMap<>(remarks);
    }

    /** What became of each file, in the order of the index. */
    synchronized List<FileOutcome> files() {
        return inOrder().stream().map(Outcome::file).toList();
    }

    /** The rejected rows, in the order of the index, up to so many, and how many more each file had. */
    synchronized List<Rejected> rejected(int most) {
        List<Rejected> rejected = new ArrayList<>();
        for (Outcome outcome : inOrder()) {
            int room = Math.max(0, most - rejected.size());
            List<Rejected> first = outcome.rejected().stream().limit(room).toList();
            rejected.addAll(
                    Rejected.listed(outcome.file().file(), outcome.file().rejected(), first));
        }
        return rejected;
    }

    private List<Outcome> inOrder() {
        return outcomes.stream()
                .sorted(Comparator.comparingInt(Outcome::number))
                .toList();
    }
}
