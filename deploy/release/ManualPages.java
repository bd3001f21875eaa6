import io.bucketbrigade.cli.Brigade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes a manual page for the program and for each of its commands, from the same descriptions that {@code --help} prints. picocli's own
 * generator writes AsciiDoc, for which a build would need Ruby; this one writes what man reads.
 *
 * <p>Runs from source, with the program on the class path: {@code java -cp target/bucket-brigade.jar ManualPages.java FOLDER VERSION}.
 */
public final class ManualPages {
    private static final String EXAMPLE = "Example:";

    private final StringBuilder page = new StringBuilder();

    private ManualPages() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]).resolve("man1"));
        CommandLine all = Brigade.allCommands();
        write(folder, all, arguments[1]);
        for (CommandLine command : shown(all)) {
            write(folder, command, arguments[1]);
        }
    }

    private static Collection<CommandLine> shown(CommandLine all) {
        return all.getSubcommands().values().stream()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .toList();
    }

    private static void write(Path folder, CommandLine command, String version) throws IOException {
        String name = name(command);
        Files.writeString(
                folder.resolve(name + ".1"), new ManualPages().of(command, version), StandardCharsets.US_ASCII);
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }

    private String of(CommandLine command, String version) {
        CommandSpec spec = command.getCommandSpec();
        List<String> description = lines(spec.usageMessage().description());
        line(".TH " + quoted(name(command)) + " 1 \"\" " + quoted("Bucket Brigade " + version) + " "
                + quoted("Bucket Brigade"));
        // Neither stretched nor hyphenated, so that what is copied is as it was written.
        line(".ad l");
        line(".nh");
        section("NAME");
        line(escaped(name(command)) + " \\- " + escaped(description.get(0).split("[.:] |[.]$")[0]));
        section("SYNOPSIS");
        String synopsis = command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
        line(bold(spec.qualifiedName(" "))
                + escaped(synopsis.substring(spec.qualifiedName(" ").length())));
        section("DESCRIPTION");
        description.forEach(this::paragraph);
        positional(spec);
        options(spec);
        if (!shown(command).isEmpty()) {
            commands(command);
        }
        section("EXIT STATUS");
        item(bold("0"), List.of("It was done."));
        item(bold("1"), List.of("It could not be done; the reason is on standard error."));
        item(bold("2"), List.of("The arguments are wrong."));
        examples(lines(spec.usageMessage().footer()));
        section("SEE ALSO");
        line(
                spec.parent() == null
                        ? shown(command).stream().map(ManualPages::reference).collect(Collectors.joining(",\n"))
                        : reference(spec.parent().commandLine()));
        return page.toString();
    }

    private void positional(CommandSpec spec) {
        List<? extends ArgSpec> arguments = spec.positionalParameters().stream()
                .filter(one -> !one.hidden())
                .toList();
        if (!arguments.isEmpty()) {
            section("ARGUMENTS");
            arguments.forEach(one -> item(italic(one.paramLabel()), lines(one.description())));
        }
    }

    private void options(CommandSpec spec) {
        section("OPTIONS");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String names =
                        List.of(option.names()).stream().map(ManualPages::bold).collect(Collectors.joining(", "));
                boolean takesValue = option.arity().max() > 0;
                item(takesValue ? names + "=" + italic(option.paramLabel()) : names, lines(option.description()));
            }
        }
    }

    private void commands(CommandLine all) {
        section("COMMANDS");
        for (CommandLine command : shown(all)) {
            CommandSpec spec = command.getCommandSpec();
            item(bold(spec.name()), lines(spec.usageMessage().description()).subList(0, 1));
        }
    }

    private void examples(List<String> footer) {
        int at = footer.indexOf(EXAMPLE);
        if (at >= 0) {
            section("EXAMPLES");
            line(".nf");
            footer.subList(at + 1, footer.size()).forEach(example -> line(escaped(example.strip())));
            line(".fi");
        }
    }

    private static String reference(CommandLine command) {
        return "\\fB" + escaped(name(command)) + "\\fR(1)";
    }

    private static List<String> lines(String... texts) {
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            String plain = Ansi.OFF.string(String.format(text));
            plain.lines().map(String::stripTrailing).forEach(lines::add);
        }
        return lines;
    }

    private void section(String name) {
        line(".SH " + quoted(name));
    }

    private void paragraph(String text) {
        line(".PP");
        line(escaped(text));
    }

    private void item(String term, List<String> description) {
        line(".TP");
        line(term);
        line(escaped(String.join(" ", description)));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    private static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    private static String italic(String text) {
        return "\\fI" + escaped(text) + "\\fR";
    }

    private static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** So that man shows it as it is: no requests at the start of a line, hyphens that can be copied, any character. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.startsWith(".") || text.startsWith("'") ? "\\&" : "");
        text.codePoints().forEach(character -> {
            switch (character) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '"' -> escaped.append("\\(dq");
                case '\'' -> escaped.append("\\(aq");
                case '~' -> escaped.append("\\(ti");
                case '^' -> escaped.append("\\(ha");
                case '`' -> escaped.append("\\(ga");
                default -> {
                    if (character < 128) {
                        escaped.append((char) character);
                    } else {
                        escaped.append(String.format("\\[u%04X]", character));
                    }
                }
            }
        });
        return escaped.toString();
    }
}
