package io.bucketbrigade.quality;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import java.nio.file.Path;
import java.util.List;

/**
 * The rules for a table.
 *
 * @param table its name in the lake
 * @param rules at least one
 */
public record Ruleset(String table, List<Rule> rules) {
    public Ruleset {
        rules = List.copyOf(rules);
    }

    /**
     * The rules in a file: one ruleset after the other, each for a table of its own.
     *
     * @throws Problem if it can't be read, or is wrong; it names the line
     */
    public static List<Ruleset> read(Path file) {
        return new DqdlParser(FilePaths.shown(file), TextFile.read(file)).rulesets();
    }
}
