package io.bucketbrigade.planning;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Definition;
import io.bucketbrigade.registry.Definition.Marker;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.TooManyRejected;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.NearNames;
import io.bucketbrigade.storage.Source;
import io.bucketbrigade.watching.IgnoredFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;

/** Steps of the command plan, the same for every pipeline: which inputs are there, what became of their rows, and how a run would end. */
public final class Planner {
    private static final int FIRST_ROWS = 3;
    private static final int LONGEST_FIELD = 40;
    /** Of files each of which is a run: each is open while the plan is made. */
    private static final int MOST_FILES = 100;

    private final Pipelines pipelines;
    private final PipelineSettings settings;
    private final Locations locations;

    public Planner(Pipelines pipelines, PipelineSettings settings, Locations locations) {
        this.pipelines = pipelines;
        this.settings = settings;
        this.locations = locations;
    }

    /**
     * Describes the inputs, and opens those that are there.
     *
     * @param name the pipeline
     * @param exchange closes them when it is done
     * @throws IOException if one can't be read
     */
    public Plan begin(String name, Exchange exchange) throws IOException {
        Pipeline pipeline = pipelines.get(name);
        Definition definition = pipeline.definition();
        Inputs inputs = new Inputs();
        Work work = Work.rehearsal(pipeline, settings.result(definition), inputs);
        Plan plan = new Plan(Objects.requireNonNull(definition.plan()), work.closedWith(exchange));
        InputFiles files = definition.inputs();
        Marker marker = definition.start().marker();
        String place = files == null ? null : settings.place(files);
        plan.add(place == null ? name : name + ": " + locations.of(place).name());
        boolean isMarked = marker != null && describe(plan, marker);
        if (definition.start().eachFile() != null && files != null && place != null) {
            describeEach(plan, locations.of(place), files, inputs);
            return plan;
        }
        boolean isComplete = files == null || place == null || describe(plan, place, files, inputs);
        if (!isComplete && !isMarked) {
            plan.waits();
        }
        if (marker != null && !isMarked) {
            plan.startsWith(marker.name());
        }
        return plan;
    }

    private boolean describe(Plan plan, Marker marker) throws IOException {
        String place = settings.place(marker);
        Location location = locations.of(place);
        List<Identity> found = found(location, List.of(marker.name()));
        if (found.isEmpty()) {
            plan.add("  " + marker.name() + " is missing in " + location.name()
                    + "; it starts a run when all other files are there");
            hint(plan, place, marker.name(), List.of());
        }
        found.forEach(one -> plan.add("  " + one.name() + ": changed " + changed(one)
                + "; a run starts when it differs from the last run's marker"));
        return !found.isEmpty();
    }

    /** What is there of files each of which is a run of its own. */
    private void describeEach(Plan plan, Location location, InputFiles files, Inputs inputs) throws IOException {
        int left = MOST_FILES;
        for (InputFile file : files.files()) {
            List<Identity> found = found(location, names(location, file));
            for (Identity one : found.subList(0, Math.min(left, found.size()))) {
                Source source = location.open(one);
                inputs.with(one.name(), source);
                describe(plan, source, file.columns());
            }
            if (found.size() > left) {
                plan.add("  " + Counted.of(found.size() - left, "more file") + " called " + file.title());
            }
            left -= Math.min(left, found.size());
        }
        IgnoredFiles.in(location, files).forEach(reason -> plan.add("  " + reason));
        if (inputs.names().isEmpty()) {
            plan.add("  There is no file called " + IgnoredFiles.called(files));
            plan.waits();
            plan.ends("A run starts when there is one.");
        } else {
            plan.ends(
                    "Each file is a run of its own, unless its content was loaded before. How many rows it has is not known"
                            + " before it is read.");
        }
    }

    /** Says of each file whether it is there, and what it looks like; whether all that a run needs are there. */
    private boolean describe(Plan plan, String place, InputFiles files, Inputs inputs) throws IOException {
        Location location = locations.of(place);
        List<String> titles = files.files().stream().map(InputFile::title).toList();
        boolean complete = true;
        for (InputFile file : files.files()) {
            List<Identity> found = found(location, names(location, file));
            for (Identity one : found) {
                Source source = location.open(one);
                inputs.with(one.name(), source);
                describe(plan, source, file.columns());
            }
            if (found.isEmpty()) {
                complete &= file.optional();
                plan.add("  " + file.title() + missing(file));
                hint(plan, place, file.title(), titles);
            }
        }
        if (files.files().stream().anyMatch(InputFile::isPattern)) {
            IgnoredFiles.in(location, files).forEach(reason -> plan.add("  " + reason));
        }
        return complete;
    }

    private static String missing(InputFile file) {
        if (file.optional()) {
            return " is missing. It is optional"
                    + (file.table() == null ? "." : "; its rows in the database are not read here.");
        }
        List<String> columns = file.columns();
        return " is missing." + (columns.isEmpty() ? "" : " It needs the columns " + String.join(", ", columns) + ".");
    }

    private static List<String> names(Location location, InputFile file) throws IOException {
        try {
            return file.isPattern()
                    ? location.names(file::matches).stream().sorted().toList()
                    : List.of(file.title());
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return List.of();
        }
    }

    private static List<Identity> found(Location location, List<String> names) throws IOException {
        try {
            return location.list(names);
        } catch (NoSuchFileException folderIsMadeByTheService) {
            return List.of();
        }
    }

    private void hint(Plan plan, String place, String missing, List<String> wanted) throws IOException {
        String hint = NearNames.hint(locations, place, missing, wanted);
        if (!hint.isEmpty()) {
            plan.add("    " + hint + ".");
        }
    }

    private void describe(Plan plan, Source source, List<String> needed) throws IOException {
        plan.add("  " + source.name() + ": " + Counted.of(source.length(), "byte") + ", changed "
                + changed(source.identity()));
        if (needed.isEmpty()) {
            return;
        }
        try {
            Header header = Header.read(source, needed);
            plan.add("    read as " + header.separator().words() + ", columns " + String.join(", ", header.columns()));
            Records rows = new Records(source, header, 0);
            for (int row = 0; row < FIRST_ROWS && rows.next(); row++) {
                List<String> fields = new ArrayList<>();
                for (int column = 0; column < header.columns().size(); column++) {
                    fields.add(shorten(rows.text(column)));
                }
                plan.add("    line " + rows.line() + ": " + String.join(" | ", fields));
            }
        } catch (RuntimeException unusable) {
            fail(plan, unusable);
        }
    }

    private static String changed(Identity file) {
        return file.modified().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String shorten(String field) {
        String line = field.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "\u00b7");
        return line.length() <= LONGEST_FIELD ? line : line.substring(0, LONGEST_FIELD) + "…";
    }

    /** What would become of the rows. Steps that set the row counts of their {@link Work} themselves need not say so here. */
    public void count(Plan plan, RowCounts rowCounts) {
        plan.work().setRowCounts(rowCounts);
    }

    /** Adds what only the pipeline knows, such as what would change in its result. */
    public void add(Plan plan, List<String> lines) {
        plan.keep(lines);
    }

    /**
     * A run would fail.
     *
     * @throws E what failed, if it isn't the inputs' fault
     */
    public <E extends Exception> void fail(Plan plan, E failure) throws E {
        if (Problems.of(failure).kind() != Kind.INPUT) {
            throw failure;
        }
        if (!plan.work().isCounted()) {
            Problems.find(failure, TooManyRejected.class).ifPresent(tooMany -> count(plan, tooMany.rowCounts()));
        }
        plan.fail(failure);
    }

    /** Adds what would become of the rows, and how a run would end. */
    public Plan end(Plan plan) {
        if (plan.work().isCounted()) {
            RowLines.add(plan, plan.work().rowCounts());
        }
        plan.end();
        return plan;
    }
}
