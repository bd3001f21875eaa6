package io.bucketbrigade.checking;

import io.bucketbrigade.files.FolderTree;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Event;

/** Checks the names of migrations: Flyway passes over a wrong one without a word, and refuses two of one version. */
final class MigrationCheck {
    /** With a version, for an empty database, for each change of it, or for an event of Flyway's. */
    private static final Pattern MIGRATION =
            Pattern.compile("(?:[VB]\\d+(?:[._]\\d+)*|R|" + events() + ")(?:__.*)?\\.(?i:sql)(?:\\.conf)?");

    private static final Pattern VERSION = Pattern.compile("V(\\d+(?:[._]\\d+)*)__.*\\.(?i:sql)");

    private final Faults faults;

    MigrationCheck(Faults faults) {
        this.faults = faults;
    }

    private static String events() {
        return Stream.of(Event.values()).map(Event::getId).collect(Collectors.joining("|"));
    }

    /**
     * Checks all of some pipelines.
     *
     * @param roots the folders below which all migrations are, in the order in which they are loaded
     * @param checked the folders of those pipelines
     */
    void check(List<Path> roots, List<Path> checked) {
        Map<MigrationVersion, Path> versions = new HashMap<>();
        for (Path root : roots) {
            for (Path file : FolderTree.files(root)) {
                boolean isChecked = checked.stream().anyMatch(file::startsWith);
                if (isChecked && file.resolveSibling("").endsWith("migrations")) {
                    name(file);
                }
                Matcher version = VERSION.matcher(String.valueOf(file.getFileName()));
                if (version.matches()) {
                    Path other = versions.putIfAbsent(MigrationVersion.fromVersion(version.group(1)), file);
                    if (isChecked && other != null) {
                        faults.error(
                                file,
                                0,
                                "the migration " + Fault.shown(other) + " has the same version; choose a later one");
                    }
                }
            }
        }
    }

    private void name(Path file) {
        String name = String.valueOf(file.getFileName());
        String meant = (name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .replaceFirst("^([VR]?)(\\d+(?:[._]\\d+)*|)[._-]*(?=[^\\d._-])", "$1$2__");
        boolean isNumbered = Character.isDigit(meant.charAt(0));
        String suggestion = isNumbered ? "V" + meant : meant;
        if (!MIGRATION.matcher(name).matches()) {
            faults.add(new Fault(
                    file,
                    0,
                    !name.toLowerCase(Locale.ROOT).endsWith(".sql"),
                    "it is not applied; a migration has a name such as V20261126_1__readings.sql or R__readings.sql"
                            + (MIGRATION.matcher(suggestion).matches() ? "; did you mean " + suggestion + "?" : "")));
        }
    }
}
