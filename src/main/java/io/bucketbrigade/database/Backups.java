package io.bucketbrigade.database;

import io.bucketbrigade.files.ForcedFolder;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Backups of the embedded database, and its restore. */
public final class Backups {
    private final Path data;
    private final String schema;

    /**
     * @param data the folder of its data
     * @param schema the schema of the tables; blank for where they are
     */
    public Backups(Path data, String schema) {
        this.data = data;
        this.schema = schema;
    }

    /**
     * What was restored.
     *
     * @param content what the backup holds
     * @param newer how many newer migrations were applied
     * @param before where the database is now that was there before; none if there was none
     * @param missing what the backed up database had and this one has not
     */
    public record Restored(BackupContent content, int newer, Optional<Path> before, List<String> missing) {}

    /**
     * Backs it up, whether it runs or not.
     *
     * @param force whether an existing file may be replaced
     * @return what the file holds
     * @throws Problem if there is no database, or the file exists
     * @throws SQLException if the database does not answer
     * @throws IOException if the file can't be written
     */
    public BackupContent write(Path file, boolean force) throws SQLException, IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new Problem(Kind.USAGE, file + " is a folder. Name a file.");
        }
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        requireReplaceable(file, force);
        if (!Files.exists(data)) {
            throw new Problem(
                    Kind.MISSING, "There is no database in " + data + ". Check BRIGADE_DATA and the working folder.");
        }
        try (Database database = open()) {
            // Such a file may be read and written by its owner alone.
            Path beside = Files.createTempFile(folder, ".brigade-backup-", ".part");
            try {
                BackupContent content = new DatabaseBackup(database).write(beside);
                requireReplaceable(file, force);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
                ForcedFolder.force(folder);
                return content;
            } finally {
                Files.deleteIfExists(beside);
            }
        }
    }

    private void requireReplaceable(Path file, boolean force) {
        if (file.toAbsolutePath().normalize().startsWith(data.toAbsolutePath().normalize())) {
            throw new Problem(Kind.USAGE, file + " would be among the data of the database. Name a file elsewhere.");
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(Kind.USAGE, file + " exists and is not an ordinary file. Name another one.");
        }
        if (!force) {
            throw new Problem(Kind.CONFLICT, file + " exists. Name another file, or add --force to replace it.");
        }
    }

    private Database open() throws IOException {
        Optional<DatabaseAddress> running = DatabaseCheck.running(data);
        return running.isPresent()
                ? Database.connect(running.get().in(schema))
                : Database.embedded(new EmbeddedServer(data, 0), schema);
    }

    /**
     * Replaces the database by the one of a backup. The present one stays as it was until the other one is whole, and is kept then.
     *
     * @param routes the folders below which migrations are, the program's own first
     * @throws Problem if a service uses the database, or the file can't be restored
     * @throws SQLException if the new database does not answer
     * @throws IOException if something can't be read or written
     */
    public Restored restore(Path file, List<Path> routes) throws SQLException, IOException {
        try (BackupFile backup = new BackupFile(file)) {
            String made = backup.content().schema();
            if (!schema.isEmpty() && !schema.equals(made)) {
                throw new Problem(
                        Kind.USAGE,
                        file + " has its tables in the schema " + made + ", not in " + schema
                                + ". Set BRIGADE_DATABASE_SCHEMA to " + made + ".");
            }
            DataLock lock = DataLock.take(data);
            try {
                StagedRestore staged = new StagedRestore(data);
                staged.endInterrupted();
                new OrphanedServer(data).stop();
                return restore(backup, routes, staged);
            } finally {
                lock.close();
            }
        }
    }

    private Restored restore(BackupFile backup, List<Path> routes, StagedRestore staged)
            throws SQLException, IOException {
        BackupContent content = backup.content();
        EmbeddedServer server = new EmbeddedServer(staged.prepare(), 0, data.resolveSibling(EmbeddedServer.PROGRAM));
        int newer;
        List<String> missing;
        try (Database database = Database.embedded(server, content.schema())) {
            newer = migrateAsBackedUp(database, backup, routes);
            new DatabaseRestore(database, backup).fill();
            database.migrate(routes);
            missing = missing(database, content);
        } catch (SQLException | IOException | RuntimeException e) {
            staged.discard();
            throw e;
        }
        return new Restored(content, newer, staged.replace(), missing);
    }

    private static int migrateAsBackedUp(Database database, BackupFile backup, List<Path> routes) throws IOException {
        Path copies = TemporaryFolder.create("brigade-migrations");
        try {
            int newer = new Migrations(database, routes).copy(backup.content().migrations(), copies, backup.toString());
            database.migrate(List.of(copies));
            return newer;
        } finally {
            TemporaryFolder.remove(copies);
        }
    }

    private static List<String> missing(Database database, BackupContent content) throws SQLException {
        return InTransaction.get(database.pool(), connection -> {
            DatabaseRestore.useWholeNames(connection);
            List<String> missing = new ArrayList<>(content.others());
            missing.removeAll(BackupCatalog.others(connection));
            return missing;
        });
    }
}
