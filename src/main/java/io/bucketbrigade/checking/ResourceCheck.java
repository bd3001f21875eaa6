package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.quality.Ruleset;
import io.bucketbrigade.registry.YamlNodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that the files exist, and can be read, from which routes and beans take SQL and other texts; and that quality rules are right. */
final class ResourceCheck {
    /** Addresses and expressions name a file behind its scheme; a bean is given one of a pipeline's folder. */
    static final Pattern NAMED = Pattern.compile(
            "\\b(?:sql|resource):file:(?<file>[^?,]+)|(?:^|[(,]\\s*)(?<own>\\{\\{[^{}]+\\.folder}}/[^?,()]+\\.(?:sql|csv|dqdl))(?=\\s*(?:$|[,)]))");

    private static final String RULES = ".dqdl";

    private final KnownNames known;
    private final Faults faults;

    ResourceCheck(KnownNames known, Faults faults) {
        this.known = known;
        this.faults = faults;
    }

    void check(RouteFile file) {
        Texts.below(file.root(), (key, scalar) -> {
            Matcher named = NAMED.matcher(scalar.getValue());
            while (named.find()) {
                String name = known.resolved(named(named));
                String fault = KnownNames.isDecidedLater(name) ? "" : fault(name);
                if (!fault.isEmpty()) {
                    faults.error(file.path(), YamlNodes.line(scalar, named.start()), fault);
                } else if (name.endsWith(RULES)) {
                    rules(FilePaths.of(name));
                }
            }
        });
    }

    private void rules(Path file) {
        try {
            Ruleset.read(file);
        } catch (Problem wrong) {
            faults.error(file, (int) wrong.line(), wrong);
        }
    }

    /** The file that a match of {@link #NAMED} names. */
    static String named(Matcher match) {
        return match.group("file") == null ? match.group("own") : match.group("file");
    }

    private static String fault(String name) {
        try {
            Path file = FilePaths.of(name);
            if (Files.isRegularFile(file)) {
                TextFile.read(file);
                return "";
            }
            if (Files.exists(file)) {
                return Fault.shown(file) + " is not a file";
            }
            String[] others = file.resolveSibling("").toFile().list();
            return "there is no file " + Fault.shown(file)
                    + Suggestion.of(String.valueOf(file.getFileName()), others == null ? List.of() : List.of(others));
        } catch (Problem unreadable) {
            return unreadable.sentence().replaceFirst("\\.$", "");
        }
    }
}
