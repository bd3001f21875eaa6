package io.bucketbrigade.streams;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Location;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files whose rows were loaded into the tables of a stream's readers. No archive has these rows: once the tables are empty, only the files
 * bring them back. Files that an earlier rebuild took out of the tables, and that were not loaded since, are among them.
 */
final class LoadedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedFiles.class);
    private static final int MOST_NAMED = 3;

    private static final String LOADED = """
            SELECT content, path, rows FROM brigade.loaded_files WHERE pipeline = ? AND rows > 0 ORDER BY path
            """;
    private static final String FORGET_KEYS = """
            UPDATE brigade.stream_keys AS known SET stored = stored - loaded
            FROM brigade.loaded_files AS file
            WHERE known.stream = ? AND file.pipeline = known.stream AND file.content = known.key
            """;
    private static final String FORGET = """
            DELETE FROM brigade.loaded_files WHERE pipeline = ? AND (rows = 0 OR content = ANY (?))
            """;
    private static final String WANT =
            "UPDATE brigade.loaded_files SET is_wanted = true, loaded = '{}' WHERE pipeline = ?";
    /** So that files are run again, if they are still there. */
    private static final String FORGET_RUNS = """
            UPDATE brigade.runs SET fingerprint = 'before a rebuild; ' || fingerprint
            WHERE pipeline = ? AND state = 'succeeded' AND fingerprint NOT LIKE 'before a rebuild; %'
            """;

    private final String pipeline;
    private final Map<String, LoadedFile> missing = new LinkedHashMap<>();
    private final List<LoadedFile> found = new ArrayList<>();

    private LoadedFiles(String pipeline) {
        this.pipeline = pipeline;
    }

    private record LoadedFile(String path, long rows) {
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        static long rows(Iterable<LoadedFile> files) {
            long rows = 0;
            for (LoadedFile file : files) {
                rows += file.rows();
            }
            return rows;
        }

        static String count(List<LoadedFile> files) {
            return Counted.of(files.size(), "file") + " with " + Counted.of(rows(files), "row");
        }
    }

    /**
     * Those that the database knows; none if it is another one than that into which they were loaded.
     *
     * @throws SQLException if the database refuses, or is away
     */
    static LoadedFiles of(DataSource database, String pipeline) throws SQLException {
        LoadedFiles loaded = new LoadedFiles(pipeline);
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LOADED)) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    loaded.missing.put(row.getString(1), new LoadedFile(row.getString(2), row.getLong(3)));
                }
            }
        }
        return loaded;
    }

    /**
     * Looks for them by their content, under whatever name, and reads files until all are found.
     *
     * @return how many files there are
     * @throws IOException if the folder or bucket, or a file in it, can't be read
     */
    int lookIn(Location place, InputFiles inputs) throws IOException {
        Set<String> names = missing.values().stream().map(LoadedFile::name).collect(Collectors.toSet());
        List<String> there = place.allNames().stream()
                .filter(name -> inputs.find(name).isPresent())
                .sorted(Comparator.comparing((String name) -> !names.contains(name))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        for (String name : there) {
            if (missing.isEmpty()) {
                break;
            }
            LoadedFile file = missing.remove(content(place, name));
            if (file != null) {
                found.add(file);
            }
        }
        return there.size();
    }

    /** What a file is known by; blank if it can't be loaded, or is gone by now. */
    private static String content(Location place, String name) throws IOException {
        try {
            return StreamFile.scan(place.open(name)).text().identity();
        } catch (Problem unusable) {
            if (unusable.kind() != Kind.INPUT) {
                throw unusable;
            }
            LOG.debug("{} was not loaded", name, unusable);
            return "";
        } catch (NoSuchFileException gone) {
            LOG.debug("{} was removed", name, gone);
            return "";
        }
    }

    /**
     * Checks that all of them were found.
     *
     * @param place where they were looked for
     * @throws Problem if some are missing; it names the first
     */
    void requireAll(String place) {
        if (missing.isEmpty()) {
            return;
        }
        boolean isOne = missing.size() == 1;
        throw new Problem(
                Kind.CONFLICT,
                Counted.of(missing.size(), "file")
                        + (isOne ? " that was loaded is" : " that were loaded are")
                        + " not in " + place + " any more, or changed: " + firstMissing() + ". A rebuild would lose "
                        + (isOne ? "its " : "their ") + Counted.of(LoadedFile.rows(missing()), "row")
                        + ", because the archive does not have rows of files; nothing was done. Put "
                        + (isOne ? "it" : "them")
                        + " back, under whatever name, or add --without-files to give up these rows.");
    }

    private List<LoadedFile> missing() {
        return List.copyOf(missing.values());
    }

    private String firstMissing() {
        String first = missing.values().stream()
                .limit(MOST_NAMED)
                .map(file -> file.path() + " (" + Counted.of(file.rows(), "row") + ")")
                .collect(Collectors.joining(", "));
        int more = missing.size() - MOST_NAMED;
        return more > 0 ? first + " and " + Counted.number(more) + " more" : first;
    }

    /** Their rows are out of the tables: those that were found are wanted from now on, and the others forgotten. */
    void leaveTables(Connection connection) throws SQLException {
        change(connection, FORGET_KEYS);
        try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
            forget.setString(1, pipeline);
            forget.setArray(2, connection.createArrayOf("text", missing.keySet().toArray()));
            forget.executeUpdate();
        }
        change(connection, WANT);
        change(connection, FORGET_RUNS);
    }

    private void change(Connection connection, String statement) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(statement)) {
            change.setString(1, pipeline);
            change.executeUpdate();
        }
    }

    /**
     * What becomes of their rows, in sentences.
     *
     * @param there how many files there are, loaded before or not
     */
    List<String> outcome(String place, int there) {
        List<String> sentences = new ArrayList<>();
        if (!missing.isEmpty()) {
            sentences.add("Given up: " + LoadedFile.count(missing()) + ", which " + (missing.size() == 1 ? "is" : "are")
                    + " not in " + place + " any more.");
        }
        if (!found.isEmpty()) {
            sentences.add(LoadedFile.count(found) + " in " + place + (found.size() == 1 ? " is" : " are")
                    + " loaded again when the service starts.");
        } else if (there > 0) {
            sentences.add(Counted.of(there, "file") + " in " + place + (there == 1 ? " is" : " are")
                    + " loaded when the service starts.");
        } else {
            sentences.add("No file is loaded when the service starts: there is none in " + place + ".");
        }
        return sentences;
    }
}
