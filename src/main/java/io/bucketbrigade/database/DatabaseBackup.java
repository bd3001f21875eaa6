package io.bucketbrigade.database;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.database.BackupContent.Table;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;

/**
 * Writes what is in a database into a file: each table by COPY, all as of the same moment, while others go on.
 *
 * <p>A snapshot does not protect from TRUNCATE, nor from a table that is dropped. So all tables are locked before the snapshot is taken, in
 * the mode that only these two and ALTER wait for. Whoever holds such a lock already is not kept waiting: PostgreSQL would end one of two
 * that wait for each other after a second, so we give up before that, and try again.
 */
final class DatabaseBackup {
    static final String PRODUCT = "Bucket Brigade";
    static final int FORMAT = 1;
    static final String CONTENT = "backup.json";

    private static final String ALONE_AND_UNCHANGED =
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL lock_timeout = '500ms'; SET LOCAL search_path = pg_catalog";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    DatabaseBackup(Database database) {
        this.database = database;
    }

    /** Tables were made or dropped while they were being locked. */
    private static final class TablesChanged extends SQLException {
        private static final long serialVersionUID = 1L;

        TablesChanged() {
            super("tables were created or dropped meanwhile", "55P03");
        }
    }

    /**
     * Writes it.
     *
     * @param file an existing file
     * @return what it holds
     * @throws Problem if there are no tables of ours
     * @throws SQLException if the database does not answer, or somebody keeps tables locked
     * @throws IOException if the file can't be written
     */
    BackupContent write(Path file) throws SQLException, IOException {
        if (database.facts().installed().isEmpty()) {
            throw new Problem(
                    Kind.USAGE, "The database " + database.describe() + " has no tables of Bucket Brigade yet.");
        }
        RetryPolicy<Object> patience = RetryPolicy.builder()
                .handleIf(thrown -> thrown instanceof SQLException sql
                        && String.valueOf(sql.getSQLState()).matches("55P03|40P01|42P01"))
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
                .withMaxDuration(PATIENCE)
                .withMaxAttempts(-1)
                .build();
        try {
            return Failsafe.with(patience).get(() -> attempt(file));
        } catch (FailsafeException e) {
            throw Problems.find(e, SQLException.class).map(Problems::of).orElseGet(() -> Problems.of(e));
        }
    }

    private BackupContent attempt(Path file) throws SQLException, IOException {
        List<String> names;
        try (Connection connection = database.pool().getConnection()) {
            names = BackupCatalog.names(connection);
        }
        try (FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
                ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel))) {
            zip.setLevel(Deflater.BEST_SPEED);
            BackupContent content = InTransaction.get(database.pool(), connection -> write(connection, names, zip));
            zip.putNextEntry(new ZipEntry(CONTENT));
            zip.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            zip.closeEntry();
            zip.finish();
            zip.flush();
            channel.force(true);
            return content;
        }
    }

    private BackupContent write(Connection connection, List<String> names, ZipOutputStream zip)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(ALONE_AND_UNCHANGED);
            statement.execute("LOCK TABLE " + String.join(", ", names) + " IN ACCESS SHARE MODE");
        }
        if (!BackupCatalog.names(connection).equals(names)) {
            throw new TablesChanged();
        }
        String schema = database.schema();
        String history = TableSql.qualified(schema, Database.MIGRATIONS);
        List<Table> tables = new ArrayList<>();
        for (Table table : BackupCatalog.tables(connection)) {
            if (table.schema().equals(schema) && table.name().equals(Database.MIGRATIONS)) {
                continue;
            }
            tables.add(table.entry().isEmpty() ? table : table.with(copy(connection, table, zip)));
        }
        return new BackupContent(
                PRODUCT,
                FORMAT,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                database.facts().version(),
                schema,
                BackupCatalog.migrations(connection, history),
                tables,
                BackupCatalog.sequences(connection),
                BackupCatalog.others(connection));
    }

    private static long copy(Connection connection, Table table, ZipOutputStream zip) throws SQLException, IOException {
        zip.putNextEntry(new ZipEntry(table.entry()));
        long rows = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "COPY " + table.qualified() + " ("
                                + String.join(", ", table.columns().keySet()) + ") TO STDOUT (ENCODING 'UTF8')",
                        zip);
        zip.closeEntry();
        return rows;
    }
}
