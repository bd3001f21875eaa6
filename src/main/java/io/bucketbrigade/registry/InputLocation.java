package io.bucketbrigade.registry;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the files of a pipeline are.
 *
 * @param pipeline the pipeline's name
 * @param place the folder or bucket
 * @param files the files there
 */
public record InputLocation(String pipeline, String place, List<InputFile> files) {

    /** Whether people can see any of the files, and send them. */
    public boolean hasTables() {
        return files.stream().anyMatch(InputLocation::isTable);
    }

    /** Whether people can see a file, and send it: one without columns is not a table. */
    public static boolean isTable(InputFile file) {
        return !file.columns().isEmpty();
    }

    /**
     * The input that a file of that name is.
     *
     * @throws Problem if it is not an input, or has no columns; the message names the inputs
     */
    public InputFile require(String name) {
        InputFile file = files.stream()
                .filter(candidate -> candidate.matches(name) && (!candidate.isPattern() || isPlain(name)))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Kind.MISSING,
                        name + " is not an input of " + pipeline + ". Use "
                                + files.stream()
                                        .filter(InputLocation::isTable)
                                        .map(InputFile::title)
                                        .collect(Collectors.joining(" or "))
                                + "."));
        if (!isTable(file)) {
            throw new Problem(
                    Kind.USAGE,
                    name + " has no declared columns, so it can't be shown or uploaded here. Put it into " + place
                            + " yourself.");
        }
        return file;
    }

    /** Whether a pattern can mean a name: none that is hidden, leads elsewhere or holds control characters. */
    public static boolean isPlain(String name) {
        return !name.startsWith(".") && name.indexOf('\\') < 0 && name.chars().noneMatch(Character::isISOControl);
    }
}
