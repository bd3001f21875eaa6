package io.bucketbrigade.registry;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that a pipeline reads.
 *
 * @param location the setting that says in which folder or bucket they are
 * @param maxRejected the setting that says which share of a file's rows may be rejected; null if that is not limited so
 * @param files the files; a file comes after those that its rows refer to
 */
public record InputFiles(String location, @Nullable String maxRejected, List<InputFile> files) {

    public InputFiles {
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** The names of the files that must be there, without those that are given by a pattern. */
    public List<String> required() {
        return names(false);
    }

    /** The names of the files that are read too if they are there. */
    public List<String> optional() {
        return names(true);
    }

    private List<String> names(boolean optional) {
        return files.stream()
                .filter(file -> file.optional() == optional && !file.isPattern())
                .map(InputFile::title)
                .toList();
    }

    /** Those that are given by a pattern. */
    public List<InputFile> patterns() {
        return files.stream().filter(InputFile::isPattern).toList();
    }

    /** The input that a file of that name is, if it is one. */
    public Optional<InputFile> find(String name) {
        return files.stream().filter(file -> file.matches(name)).findFirst();
    }
}
