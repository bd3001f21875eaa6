package io.bucketbrigade.cli;

import io.bucketbrigade.checking.ReservedNames;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "new",
        description = {
            "Writes the folder of a new pipeline that runs as it is.",
            "It loads a CSV file into a table and computes totals with SQL, and has an API call, a tab on the page, a plan and",
            "samples. Edit its files; no build is needed.",
            "It writes the folder below the one that BRIGADE_ROUTES names, or else below pipelines/ in the working folder."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade new tides"})
final class NewCommand extends ServiceCommand {
    /** Where pipelines are written if BRIGADE_ROUTES names no folder. */
    static final String ROOT = "pipelines";

    private static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    private static final int LONGEST = 40;
    /** Words of SQL that PostgreSQL takes for no name, and so for no schema either. */
    static final Set<String> RESERVED_WORDS =
            Set.of(("all analyse analyze and any array as asc asymmetric authorization"
                            + " binary both case cast check collate collation column concurrently constraint create cross"
                            + " current_catalog current_date current_role current_schema current_time current_timestamp"
                            + " current_user default deferrable desc distinct do else end except false fetch for foreign freeze"
                            + " from full grant group having ilike in information_schema initially inner intersect into is"
                            + " isnull join lateral leading left like limit localtime localtimestamp natural not notnull null"
                            + " offset on only or order outer overlaps placing primary references returning right select"
                            + " session_user similar some symmetric system_user table tablesample then to trailing true union"
                            + " unique user using variadic verbose when where window with")
                    .split(" "));

    @Parameters(index = "0", paramLabel = "NAME", description = "Its name: lowercase letters, digits and hyphens")
    private String name = "";

    @Override
    public Integer call() throws IOException {
        Settings settings = settings(Map.of());
        checkName(settings);
        boolean hasRoot = !settings.text("brigade.routes").isEmpty();
        Path root = hasRoot ? settings.path("brigade.routes") : FilePaths.of(ROOT);
        Path folder = root.resolve(name);
        if (Files.exists(folder)) {
            throw new Problem(Kind.USAGE, folder + " exists already. Choose another name, or remove it.");
        }
        for (Path written : write(settings.home().resolve("templates").resolve("pipeline"), folder)) {
            out().println("  " + written);
        }
        String variable = hasRoot ? "" : "BRIGADE_ROUTES=" + root + " ";
        out().println("The pipeline " + name + " is in " + folder + ". Try it:");
        out().println("  " + variable + "./brigade check");
        out().println("  " + variable + "./brigade test " + name);
        out().println("  " + variable + "./brigade demo");
        return 0;
    }

    private void checkName(Settings settings) {
        if (!name.matches(NAME) || name.length() > LONGEST) {
            throw wrongArguments("'" + name
                    + "' is not a valid pipeline name. Use lowercase letters, digits and hyphens, at most " + LONGEST
                    + " of them, beginning with a letter.");
        }
        if (ReservedNames.of(settings.home().resolve("routes")).contains(name)) {
            throw wrongArguments(ReservedNames.why(name) + ". Choose another name.");
        }
        String schema = schema();
        if (RESERVED_WORDS.contains(schema) || schema.startsWith("pg_")) {
            throw wrongArguments("The schema of the pipeline would be called " + schema
                    + ", which PostgreSQL keeps for itself. Choose another name.");
        }
        if (Pipelines.read(settings.routeFolders()).find(name).isPresent()) {
            throw new Problem(Kind.USAGE, "There is a pipeline " + name + " already. Choose another name.");
        }
    }

    private List<Path> write(Path template, Path folder) throws IOException {
        Map<String, String> words = words();
        List<Path> written = new ArrayList<>();
        try (Stream<Path> files = Files.walk(template)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Path target = folder.resolve(replace(template.relativize(file).toString(), words));
                Files.createDirectories(target.resolveSibling("."));
                Files.writeString(target, replace(Files.readString(file), words));
                written.add(target);
            }
        }
        return written;
    }

    private String schema() {
        return name.replace('-', '_');
    }

    /** What replaces what in the template. */
    private Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        StringBuilder title = new StringBuilder();
        for (String part : name.split("-", -1)) {
            title.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
        }
        words.put("__name__", name);
        words.put("__NAME__", Settings.variable(name));
        words.put("__schema__", schema());
        words.put("__Title__", title.toString());
        words.put("__title__", (name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)).replace('-', ' '));
        words.put("__DATE__", LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss")));
        return words;
    }

    private static String replace(String text, Map<String, String> words) {
        String replaced = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            replaced = replaced.replace(word.getKey(), word.getValue());
        }
        return replaced;
    }
}
