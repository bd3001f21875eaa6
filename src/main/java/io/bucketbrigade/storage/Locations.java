package io.bucketbrigade.storage;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the location that a setting or a route names. */
public final class Locations {
    private Locations() {}

    /**
     * The location of that name.
     *
     * @throws Problem if there is no such kind of location
     */
    public static Location of(String name) {
        if (name.contains("://")) {
            throw new Problem(Kind.USAGE, name + " is not a folder, and only folders can be used so far.");
        }
        try {
            return new Folder(Path.of(name).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw new Problem(Kind.USAGE, "'" + name.replace('\0', '?') + "' can't be the name of a folder.", e);
        }
    }
}
