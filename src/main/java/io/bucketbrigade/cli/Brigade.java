package io.bucketbrigade.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.version.ProgramVersion;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit status: 0 done, 1 it could not be done, 2 wrong usage. */
@Command(
        name = "brigade",
        description = "Drop CSV files in a folder, and get rankings and tables out at the other end.",
        mixinStandardHelpOptions = true,
        versionProvider = Brigade.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  brigade demo"})
public final class Brigade implements Runnable {
    private static final Map<String, Supplier<ServiceCommand>> COMMANDS = commands();
    /** What they print is news for people, not a result for a pipe. */
    private static final List<String> SERVICES = List.of("up", "demo");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show the details of errors, and a more detailed log.")
    private boolean verbose;

    /** Starts the program. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        System.exit(run(System.getenv(), out, err, arguments));
    }

    /**
     * Runs a command.
     *
     * @return its exit status
     */
    static int run(
            Map<String, String> environment, PrintWriter terminal, PrintWriter terminalForErrors, String... arguments) {
        JsonLog.beginIfAskedFor(environment);
        boolean isService = Stream.of(arguments)
                .filter(argument -> !argument.startsWith("-"))
                .findFirst()
                .filter(SERVICES::contains)
                .isPresent();
        PrintWriter out = JsonLog.isOn() && isService ? JsonLog.lines(JsonLog.LOG::info) : terminal;
        PrintWriter err = JsonLog.isOn() ? JsonLog.lines(JsonLog.LOG::error) : terminalForErrors;
        Brigade brigade = new Brigade();
        CommandLine line = new CommandLine(brigade);
        for (ServiceCommand command : commandsFor(arguments)) {
            command.use(environment, out, err);
            line.addSubcommand(command);
        }
        line.setOut(out).setErr(err);
        line.setExecutionStrategy(parsed -> {
            LogLevels.prepare(brigade.verbose);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler(brigade::say);
        CommandLine.IParameterExceptionHandler usual = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((wrong, given) -> {
            if (Stream.of(given).noneMatch(argument -> argument.contains("postgres"))) {
                return usual.handleParseException(wrong, given);
            }
            // The usual words would repeat part of a password that has a blank in it.
            err.println(wrong.getCommandLine().getCommandName() + " does not accept these arguments."
                    + " Put the address of the database in quotes; --help shows all arguments.");
            err.flush();
            return CommandLine.ExitCode.USAGE;
        });
        return line.execute(arguments);
    }

    private static Map<String, Supplier<ServiceCommand>> commands() {
        Map<String, Supplier<ServiceCommand>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand::new);
        commands.put("up", UpCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("aggregate", AggregateCommand::new);
        commands.put("feed", FeedCommand::new);
        commands.put("replay", ReplayCommand::new);
        commands.put("send", SendCommand::new);
        commands.put("rebuild", RebuildCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("merge", MergeCommand::new);
        commands.put("migrate", MigrateCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("new", NewCommand::new);
        commands.put("test", TestCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("rehearse", RehearseCommand::new);
        return commands;
    }

    /** The command that is meant, if that is clear, else all: reading what is annotated to one takes as long as a start. */
    private static List<ServiceCommand> commandsFor(String... arguments) {
        Supplier<ServiceCommand> meant = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        Collection<Supplier<ServiceCommand>> needed = meant == null ? COMMANDS.values() : List.of(meant);
        return needed.stream().map(Supplier::get).toList();
    }

    /** All commands, for what describes them: completion and manual pages. They are not for execution. */
    public static CommandLine allCommands() {
        CommandLine line = new CommandLine(new Brigade());
        COMMANDS.values().forEach(command -> line.addSubcommand(command.get()));
        return line;
    }

    private int say(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) {
        Problem problem = Problems.of(thrown);
        if (JsonLog.isOn()) {
            JsonLog.LOG.error(problem.sentence(), verbose ? thrown : null);
            return CommandLine.ExitCode.SOFTWARE;
        }
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(problem.sentence()));
        if (verbose) {
            thrown.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The settings, with what a command sets itself. */
    static Settings settings(Map<String, String> environment, Map<String, String> overrides) {
        return SettingsLoader.load(home(environment), FilePaths.of(""), environment, overrides);
    }

    /** The folder that routes/ is in: named by BRIGADE_HOME, or beside the program, or one above it. */
    static Path home(Map<String, String> environment) {
        String named = environment.getOrDefault("BRIGADE_HOME", "");
        if (!named.isBlank()) {
            return FilePaths.of(named);
        }
        Path program = program();
        for (Path folder = program.getParent(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("routes").resolve("shared"))) {
                return folder;
            }
        }
        throw new Problem(
                Problem.Kind.USAGE,
                "The folder routes/ was not found beside " + program
                        + ". Set BRIGADE_HOME to the folder that it is in.");
    }

    private static Path program() {
        try {
            return Path.of(Brigade.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The version, as the build wrote it into the program. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {ProgramVersion.current().line()};
        }
    }
}
