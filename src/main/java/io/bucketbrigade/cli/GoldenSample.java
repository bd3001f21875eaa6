package io.bucketbrigade.cli;

import io.bucketbrigade.database.Copy;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.lake.Lake;
import io.bucketbrigade.lake.PublishedTable;
import io.bucketbrigade.registry.Definition;
import io.bucketbrigade.registry.Definition.Marker;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsFile;
import io.bucketbrigade.storage.Locations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with what goes into a pipeline, and what must come out of it: for {@code totals.expected.csv}, the file totals.csv among the
 * results, or else the table of that name, of which the columns are compared that the file names; for {@code error.expected.txt}, a run that fails with these words. Without a
 * {@code rejected.expected.csv}, no row must be rejected. {@code settings.properties} has variables that differ from the defaults, one in
 * the pipeline's samples those of all of them.
 *
 * @param pipeline whose it is
 * @param folder the folder
 */
record GoldenSample(Pipeline pipeline, Path folder) {
    private static final String EXPECTED = ".expected.csv";
    private static final String ERROR = "error.expected.txt";
    private static final String REJECTED = "rejected";
    static final String REJECTED_HEADER = "file,line,reason,row\n";
    private static final String CSV = ".csv";
    private static final String UNDEFINED_COLUMN = "42703";
    private static final String REJECTED_BY_READERS =
            "SELECT stage, reason FROM brigade.stream_rejected WHERE stage <> 'intake' ORDER BY rejected_id LIMIT 1";
    private static final String REJECTED_OF_RUNS =
            "SELECT file, line, reason, row FROM brigade.rejected_rows ORDER BY run_id, number";
    static final String SETTINGS = "settings.properties";
    private static final long MEMORY_FOR_TABLES = 256L << 20;

    /** Those of a pipeline. */
    static List<GoldenSample> of(Pipeline pipeline) throws IOException {
        if (!Files.isDirectory(pipeline.samples())) {
            return List.of();
        }
        List<GoldenSample> samples = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(pipeline.samples())) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                GoldenSample sample = new GoldenSample(pipeline, folder);
                if (Files.exists(folder.resolve(ERROR)) || !sample.expected().isEmpty()) {
                    samples.add(sample);
                }
            }
        }
        return samples;
    }

    /** Its name for people. */
    String name() {
        String trap = pipeline.samples().relativize(folder).toString();
        return pipeline.name() + (trap.isEmpty() ? "" : "/" + trap);
    }

    /** Variables with which it is run: its own, those of all samples, and such that nothing is waited for. */
    Map<String, String> environment(Path data) {
        Map<String, String> environment = new HashMap<>();
        environment.put("BRIGADE_DATA", data.toString());
        environment.put("BRIGADE_SETTLE", "0ms");
        environment.put("BRIGADE_POLL", "1h");
        String quiet = pipeline.definition().start().quiet();
        if (quiet != null) {
            environment.put(Settings.variable(quiet), "0ms");
        }
        environment.putAll(read(pipeline.samples().resolve(SETTINGS)));
        environment.putAll(read(folder.resolve(SETTINGS)));
        return environment;
    }

    private static Map<String, String> read(Path file) {
        Map<String, String> variables = new HashMap<>();
        if (Files.exists(file)) {
            SettingsFile.read(file, key -> false).forEach(line -> variables.put(line.key(), line.value()));
        }
        return variables;
    }

    /** Puts its files where the pipeline reads them, the marker last. */
    void putInputs(Settings settings) throws IOException {
        Definition definition = pipeline.definition();
        InputFiles inputs = definition.inputs();
        if (inputs == null) {
            return;
        }
        boolean isRoot = folder.equals(pipeline.samples());
        Path target = settings.path(inputs.location());
        for (Path file : isRoot ? DemoSamples.files(pipeline) : files()) {
            Path there = target.resolve(file);
            Files.createDirectories(there.resolveSibling("."));
            Files.copy(folder.resolve(file), there);
        }
        Marker marker = definition.start().marker();
        if (marker != null) {
            Files.writeString(settings.path(marker.location()).resolve(marker.name()), "");
        }
    }

    /** How many runs its files lead to, at least. */
    int runs() throws IOException {
        Definition definition = pipeline.definition();
        InputFiles inputs = definition.inputs();
        if (inputs == null || definition.start().eachFile() == null) {
            return 0;
        }
        return (int) files().stream()
                .filter(file -> inputs.find(file.toString()).isPresent())
                .count();
    }

    private boolean isStream() {
        return pipeline.definition().stream() != null;
    }

    /** Whether its files are put where the pipeline reads them. */
    boolean isRead() {
        return pipeline.definition().inputs() != null || !isStream();
    }

    /** Whether its rows are sent to the pipeline's stream; not if files are what must be refused, or are packed. */
    boolean isSent() throws IOException {
        return isStream()
                && !Files.exists(folder.resolve(ERROR))
                && files().stream().allMatch(file -> file.toString().endsWith(CSV));
    }

    /** Its files, as paths below its folder. */
    List<Path> files() throws IOException {
        int depth = folder.equals(pipeline.samples()) ? 1 : Integer.MAX_VALUE;
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .filter(file -> !file.toString().contains(".expected.") && !file.endsWith(SETTINGS))
                    .sorted()
                    .toList();
        }
    }

    /** The names of the results that are expected. */
    private List<String> expected() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(EXPECTED))
                    .map(name -> name.substring(0, name.length() - EXPECTED.length()))
                    .sorted()
                    .toList();
        }
    }

    /**
     * How what came out differs from what is expected.
     *
     * @param outcome how it ended
     * @return a line for each difference; none if all is as expected
     */
    List<String> differences(SampleOutcome outcome, Settings settings, Database database, Locations locations)
            throws IOException, SQLException {
        String state = outcome.state();
        String error = outcome.error();
        Path expectedError = folder.resolve(ERROR);
        if (Files.exists(expectedError)) {
            return difference("the error", Files.readString(expectedError).strip(), error.isEmpty() ? state : error);
        }
        if (!state.equals("succeeded")) {
            return List.of("the run " + state + (error.isEmpty() ? "" : ": " + error));
        }
        List<String> differences = new ArrayList<>();
        List<String> expected = new ArrayList<>(expected());
        for (String name : expected) {
            String wanted = Files.readString(folder.resolve(name + EXPECTED));
            boolean isRejected = isStream() && name.equals(REJECTED);
            differences.addAll(difference(
                    name,
                    wanted,
                    isRejected ? outcome.rejected() : result(name, wanted, settings, database, locations)));
        }
        Path file = file(REJECTED, settings);
        String rejected = Files.exists(file) ? Files.readString(file) : outcome.rejected();
        if (!expected.contains(REJECTED) && !rejected.isEmpty()) {
            differences.add("No row should be rejected, but some were: "
                    + rejected.lines().skip(1).findFirst().orElse(""));
        }
        if (isStream()) {
            differences.addAll(rejectedByReaders(database));
        }
        return differences;
    }

    private static List<String> rejectedByReaders(Database database) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement select = connection.prepareStatement(REJECTED_BY_READERS);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? List.of("The reader " + row.getString(1) + " could not deal with a row: " + row.getString(2))
                    : List.of();
        }
    }

    /** The rows that runs of a pipeline with a stream rejected, as CSV; blank if there are none. */
    static String rejectedOfRuns(Database database) throws IOException, SQLException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (Connection connection = database.pool().getConnection()) {
            return Copy.out(connection, REJECTED_OF_RUNS, rows) == 0 ? "" : rows.toString(StandardCharsets.UTF_8);
        }
    }

    private Path file(String name, Settings settings) throws IOException {
        String result = pipeline.definition().result();
        Path folderOfResults = result == null ? folder.resolve("none") : settings.path(result);
        if (!Files.isDirectory(folderOfResults)) {
            return folderOfResults;
        }
        try (Stream<Path> files = Files.walk(folderOfResults)) {
            return files.filter(file -> file.endsWith(name + ".csv"))
                    .findFirst()
                    .orElse(folderOfResults.resolve("none"));
        }
    }

    /** A file among the results, or of a table the columns that are expected. */
    private String result(String name, String wanted, Settings settings, Database database, Locations locations)
            throws IOException, SQLException {
        Path file = file(name, settings);
        if (Files.isRegularFile(file)) {
            return Files.readString(file);
        }
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (Connection connection = database.pool().getConnection();
                PreparedStatement find = connection.prepareStatement("SELECT to_regclass(?)::text")) {
            find.setString(1, name);
            try (ResultSet table = find.executeQuery()) {
                if (!table.next() || table.getString(1) == null) {
                    return lakeTable(name, wanted, settings, database, locations)
                            .orElse("There is neither a file " + name + ".csv among the results nor a table " + name
                                    + " with these columns.");
                }
                String columns = columns(wanted).stream()
                        .map(column -> '"' + column + '"')
                        .collect(Collectors.joining(", "));
                Copy.out(
                        connection,
                        "SELECT * FROM (SELECT " + columns + " FROM " + table.getString(1) + ") AS t ORDER BY t",
                        rows);
            }
        } catch (SQLException e) {
            if (UNDEFINED_COLUMN.equals(e.getSQLState())) {
                return "a table without one of these columns";
            }
            throw e;
        }
        return rows.toString(StandardCharsets.UTF_8);
    }

    private static List<String> columns(String wanted) {
        return Arrays.stream(wanted.lines().findFirst().orElse("").split(","))
                .map(column -> column.replace("\"", ""))
                .toList();
    }

    private Optional<String> lakeTable(
            String name, String wanted, Settings settings, Database database, Locations locations)
            throws IOException, SQLException {
        String result = pipeline.definition().result();
        return result == null
                ? Optional.empty()
                : PublishedTable.csv(
                        database.pool(),
                        locations,
                        settings.text(result),
                        pipeline.name(),
                        name,
                        columns(wanted),
                        new Lake.Limits(
                                MEMORY_FOR_TABLES,
                                1,
                                settings.path("brigade.data").resolve("tmp")));
    }

    private static List<String> difference(String name, String expected, String actual) {
        List<String> wanted = expected.lines().toList();
        List<String> found = actual.lines().toList();
        for (int line = 0; line < Math.max(wanted.size(), found.size()); line++) {
            String one = line < wanted.size() ? wanted.get(line) : "(nothing)";
            String other = line < found.size() ? found.get(line) : "(nothing)";
            if (!one.equals(other)) {
                return List.of(name + ", line " + (line + 1) + ": expected " + one + ", but was " + other);
            }
        }
        return List.of();
    }
}
