package io.bucketbrigade.quality;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.lake.LakeRun;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The step of a run that judges the tables of a lake before they are published. */
public final class Quality {
    private static final int MOST_NAMED = 20;

    private final Clock clock;

    /** @param clock what now() in a rule is */
    public Quality(Clock clock) {
        this.clock = clock;
    }

    /**
     * Evaluates rules for the tables as the run has written them, and keeps the verdicts in its transaction. If a rule of the severity error is broken,
     * its table and all that was written after it are held back: people still see what they were, and the run ends as failed, with the broken
     * rules as reason. Broken rules of the severity warn are noted.
     *
     * @param rulesFile the rules, in DQDL
     * @throws Problem if the file is wrong, or a rule can't be evaluated; it names the line
     * @throws SQLException if a database refuses; nothing is changed
     * @throws IOException if the lake can't be read; nothing is changed
     */
    public void audit(Work work, String rulesFile) throws SQLException, IOException {
        LakeRun lake = work.kept(LakeRun.class);
        List<Verdict> verdicts = verdicts(lake, rulesFile);
        work.transaction().perform(connection -> VerdictTable.keep(connection, work.run(), verdicts));
        verdicts.stream().filter(verdict -> verdict.breaks(Severity.WARN)).forEach(verdict -> work.transaction()
                .note("quality rule warns: " + verdict.words(), 1));
        List<Verdict> broken = broken(verdicts);
        if (!broken.isEmpty()) {
            Set<String> tables =
                    broken.stream().map(Verdict::table).collect(Collectors.toCollection(LinkedHashSet::new));
            work.withhold(reason(broken) + " " + consequence(lake.hold(tables)));
        }
    }

    /**
     * Evaluates rules for the tables as the run has written them, for who wants to know beforehand; nothing is kept.
     *
     * @param rulesFile the rules, in DQDL
     * @throws Problem if a rule of the severity error is broken, the file is wrong, or a rule can't be evaluated
     * @throws SQLException if a table can't be read
     * @throws IOException if a table can't be read
     */
    public void rehearse(Work work, String rulesFile) throws SQLException, IOException {
        List<Verdict> broken = broken(verdicts(work.kept(LakeRun.class), rulesFile));
        if (!broken.isEmpty()) {
            throw new Problem(Kind.INPUT, reason(broken));
        }
    }

    private List<Verdict> verdicts(LakeRun lake, String rulesFile) throws SQLException, IOException {
        Path file = FilePaths.of(rulesFile);
        Audit audit = new Audit(lake, FilePaths.shown(file), clock.instant());
        List<Verdict> verdicts = new ArrayList<>();
        for (Ruleset ruleset : Ruleset.read(file)) {
            verdicts.addAll(audit.of(ruleset));
        }
        return verdicts;
    }

    private static List<Verdict> broken(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(verdict -> verdict.breaks(Severity.ERROR))
                .toList();
    }

    private static String reason(List<Verdict> broken) {
        String more = broken.size() > MOST_NAMED ? "; and " + (broken.size() - MOST_NAMED) + " more" : "";
        return Counted.of(broken.size(), "quality rule") + (broken.size() == 1 ? " is" : " are") + " broken: "
                + broken.stream().limit(MOST_NAMED).map(Verdict::words).collect(Collectors.joining("; ")) + more + ".";
    }

    private static String consequence(LakeRun.Held held) {
        String tables = listed(held.tables());
        String left = held.tables().size() == 1 ? " left it." : " left them.";
        return (held.run() == 0
                        ? "There is nothing to see yet of " + tables + "."
                        : "People still see " + tables + " as run " + held.run() + left)
                + " Correct the input, or the rules and replay the run.";
    }

    private static String listed(List<String> names) {
        int last = names.size() - 1;
        return last < 1
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
