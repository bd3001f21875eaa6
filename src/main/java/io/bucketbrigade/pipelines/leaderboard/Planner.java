package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.rows.GuardedRows;
import io.bucketbrigade.runs.PlanText;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;

/** What a run would do with the current inputs. Nothing is written. */
public final class Planner {
    private static final String PIPELINE = "leaderboard";
    private static final String RESULT = "pipeline_result.csv";
    private static final int FIRST_ROWS = 3;
    private static final int MOST_MOVES = 10;
    private static final int LONGEST_FIELD = 40;

    private final Locations locations;
    private final Pipelines pipelines;
    private final String rawFolder;
    private final String resultFolder;
    private final EmptyBoard emptyBoard;

    /**
     * @param rawFolder where the inputs are
     * @param resultFolder where the latest result is
     * @param emptyBoard what refuses to empty it
     */
    public Planner(
            Locations locations, Pipelines pipelines, String rawFolder, String resultFolder, EmptyBoard emptyBoard) {
        this.emptyBoard = emptyBoard;
        this.locations = locations;
        this.pipelines = pipelines;
        this.rawFolder = rawFolder;
        this.resultFolder = resultFolder;
    }

    /** What is said; and the files, open until the exchange is done. */
    public static final class Plan {
        private final PlanText lines = new PlanText();
        private final Inputs inputs = new Inputs();
        private final Work work = Work.rehearsal(PIPELINE, inputs);
        private boolean complete;

        /** The files, as those of a run. */
        public Work work() {
            return work;
        }

        /** Whether all files are there, so that a run would begin. */
        public boolean isComplete() {
            return complete;
        }

        /** What is said. */
        public PlanText text() {
            return lines;
        }

        private void say(String line, Object... values) {
            lines.add(String.format(Locale.ROOT, line, values));
        }
    }

    /**
     * Says what is there, and opens it.
     *
     * @throws CsvException if one is not a CSV file, or is missing a column
     * @throws IOException if one can't be read
     */
    public Plan inspect(Exchange exchange) throws IOException {
        Plan plan = new Plan();
        plan.work.closedWith(exchange);
        InputFiles files =
                Objects.requireNonNull(pipelines.get(PIPELINE).definition().inputs());
        Location location = locations.of(rawFolder);
        plan.say("%s: %s", PIPELINE, location.name());
        List<Identity> there = there(location, files.required());
        for (InputFile file : files.files()) {
            String name = file.title();
            Optional<Identity> found =
                    there.stream().filter(one -> one.name().equals(name)).findFirst();
            if (found.isEmpty()) {
                plan.say("  %s is missing. It needs the columns %s.", name, String.join(", ", file.columns()));
                plan.lines.addHint(NearNames.hint(location, name, files.required()));
            } else {
                Source source = location.open(name);
                plan.inputs.with(name, source);
                describe(plan, source, file.columns());
            }
        }
        plan.complete = there.size() == files.required().size();
        if (!plan.complete) {
            plan.say("No run would begin.");
        }
        return plan;
    }

    private static List<Identity> there(Location location, List<String> names) throws IOException {
        try {
            return location.list(names);
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return List.of();
        }
    }

    private static void describe(Plan plan, Source source, List<String> needed) throws IOException {
        Header header = GuardedRows.header(source, needed);
        plan.say(
                "  %s: %s, changed %s, read as %s, columns %s",
                source.name(),
                Counted.of(source.length(), "byte"),
                source.identity().modified().truncatedTo(ChronoUnit.SECONDS),
                header.separator().words(),
                String.join(", ", header.columns()));
        Records rows = new Records(source, header, 0);
        for (int row = 0; row < FIRST_ROWS && rows.next(); row++) {
            List<String> fields = new ArrayList<>();
            for (int column = 0; column < header.columns().size(); column++) {
                fields.add(shorten(rows.text(column)));
            }
            plan.say("    line %d: %s", rows.line(), String.join(" | ", fields));
        }
    }

    private static String shorten(String field) {
        String line = field.replaceAll("\\R", " ");
        return line.length() <= LONGEST_FIELD ? line : line.substring(0, LONGEST_FIELD) + "…";
    }

    /**
     * Says what the ranking would change in the current result.
     *
     * @throws IOException if the result can't be read
     */
    public Plan compare(Plan plan, Ranking ranking) throws IOException {
        plan.say(
                "A run would read %s: %,d counted, %,d rejected; %s, %,d of them unknown.",
                Counted.of(ranking.rowCounts().rowsRead(), "row"),
                ranking.rowCounts().rowsCounted(),
                ranking.rowCounts().rowsRejected(),
                Counted.of(ranking.rowCounts().note("authors"), "author"),
                ranking.rowCounts().note("unknown_authors"));
        ranking.rowCounts().remarks().forEach(remark -> plan.say("  %s", remark));
        emptyBoard.keepFile(resultFolder, RESULT, ranking);
        Optional<Map<String, Standing>> latest = latest();
        if (latest.isEmpty()) {
            plan.say(
                    "There is no result in %s yet, so everything would be new.",
                    locations.of(resultFolder).name());
        } else {
            compare(plan, ranking.standings(), latest.get());
        }
        plan.say("Nothing was written.");
        return plan;
    }

    /**
     * Says that a run would fail, and why.
     *
     * @throws Exception what failed, if it isn't the inputs' fault
     */
    public Plan failed(Plan plan, Exception failure) throws Exception {
        Problem problem = Problems.of(failure);
        if (problem.kind() != Problem.Kind.INPUT) {
            throw failure;
        }
        plan.lines.addFailure(problem);
        plan.say("Nothing was written.");
        return plan;
    }

    private Optional<Map<String, Standing>> latest() throws IOException {
        if (!locations.of(resultFolder).holds(RESULT)) {
            return Optional.empty();
        }
        Map<String, Standing> standings = new HashMap<>();
        try (Source source = locations.of(resultFolder).open(RESULT)) {
            Header header = GuardedRows.header(source, List.of("user_id", "messages", "name"));
            Records rows = new Records(source, header, 0);
            while (rows.next()) {
                String userId = rows.text(header.index("user_id"));
                long messages = Long.parseLong(rows.text(header.index("messages")));
                standings.put(userId, new Standing(userId, messages, rows.text(header.index("name"))));
            }
        } catch (NumberFormatException e) {
            throw new Problem(
                    Problem.Kind.INPUT, resultFolder + "/" + RESULT + " is not a result of Bucket Brigade.", e);
        }
        return Optional.of(standings);
    }

    private static void compare(Plan plan, List<Standing> now, Map<String, Standing> latest) {
        Map<String, Long> before = new HashMap<>();
        latest.forEach((userId, standing) -> before.put(userId, standing.messages()));
        long entries =
                now.stream().filter(one -> !latest.containsKey(one.userId())).count();
        long other = now.stream()
                .filter(one -> latest.containsKey(one.userId()) && !one.equals(latest.get(one.userId())))
                .count();
        plan.say(
                "Compared with the current result: %,d new on the board, %,d gone from it, %,d with another number or name.",
                entries, latest.size() + entries - now.size(), other);
        for (Standing standing : now) {
            before.putIfAbsent(standing.userId(), BoardChanges.ABSENT);
        }
        int[] order = BoardOrder.mostFirst(
                now.size(), at -> now.get(at).messages(), at -> now.get(at).userId());
        Movement movement = Movement.between(0, 0, now, order, before);
        List<Integer> moved = IntStream.range(0, now.size())
                .filter(movement::hasMoved)
                .boxed()
                .sorted(Comparator.comparingInt((Integer place) -> -Math.abs(movement.up(place))))
                .limit(MOST_MOVES)
                .toList();
        if (!moved.isEmpty()) {
            plan.say("The biggest moves:");
        }
        for (int place : moved) {
            int up = movement.up(place);
            Standing standing = now.get(order[place]);
            plan.say(
                    "  %s %,d to place %,d: %s",
                    up > 0 ? "▲" : "▼",
                    Math.abs(up),
                    place + 1,
                    standing.name().isEmpty() ? "(unknown user " + standing.userId() + ")" : standing.name());
        }
    }
}
