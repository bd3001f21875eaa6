package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.files.FolderContent;
import io.bucketbrigade.runs.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The folders of partitions whose files are all gone. A run may be about to write into one, so they are removed only while none is alive and none can
 * begin.
 */
final class EmptyFolders {
    private static final String PIPELINES = """
            SELECT pipeline, EXISTS (SELECT FROM brigade.runs r WHERE r.pipeline = known.pipeline AND state = 'running')
            FROM (SELECT DISTINCT pipeline FROM brigade.tasks) AS known
            WHERE replace(pipeline, '-', '_') = ?
            """;

    private final DataSource database;
    private final String namespace;
    private final Path root;

    /** @param root the folder of the namespace */
    EmptyFolders(DataSource database, String namespace, Path root) {
        this.database = database;
        this.namespace = namespace;
        this.root = root;
    }

    /**
     * Removes them, unless a run is alive.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if one can't be listed or removed
     */
    void remove() throws SQLException, IOException {
        List<Path> found = find();
        if (!found.isEmpty()) {
            InTransaction.<IOException>run(database, connection -> {
                if (areAllAtRest(connection)) {
                    for (Path folder : found) {
                        Path at = folder;
                        while (at != null && isPartition(at) && isEmpty(at)) {
                            Files.delete(at);
                            at = at.getParent();
                        }
                    }
                }
            });
        }
    }

    private List<Path> find() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path below : FolderContent.of(root)) {
            if (isPartition(below) && isEmpty(below)) {
                found.add(below);
            }
        }
        return found;
    }

    private boolean isPartition(Path folder) {
        return folder.startsWith(root) && String.valueOf(folder.getFileName()).contains("=");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private boolean areAllAtRest(Connection connection) throws SQLException {
        for (String pipeline : pipelines(connection, false)) {
            Ledger.lock(connection, pipeline);
        }
        return pipelines(connection, true).isEmpty();
    }

    private List<String> pipelines(Connection connection, boolean onlyRunning) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(PIPELINES)) {
            select.setString(1, namespace);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    if (!onlyRunning || rows.getBoolean(2)) {
                        found.add(rows.getString(1));
                    }
                }
            }
            return found;
        }
    }
}
