package io.bucketbrigade.database;

import io.bucketbrigade.database.BackupContent.Sequence;
import io.bucketbrigade.database.BackupContent.Table;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills an empty database from a backup, in one transaction. Its migrations have been applied; what they don't make, such as a stream's
 * log with its partitions, is made here. Foreign keys are removed first and added again last, so that PostgreSQL checks all rows, in
 * whichever order tables refer to each other.
 */
final class DatabaseRestore {
    private final Database database;
    private final BackupFile backup;

    DatabaseRestore(Database database, BackupFile backup) {
        this.database = database;
        this.backup = backup;
    }

    /**
     * Fills it.
     *
     * @throws Problem if the backup is damaged, or does not fit what the migrations made
     * @throws SQLException if the database does not answer
     * @throws IOException if the file can't be read
     */
    void fill() throws SQLException, IOException {
        InTransaction.run(database.pool(), this::fill);
        try (Connection connection = database.pool().getConnection()) {
            execute(connection, "ANALYZE");
        }
    }

    private void fill(Connection connection) throws SQLException, IOException {
        BackupContent content = backup.content();
        useWholeNames(connection);
        // No trigger fires.
        execute(connection, "SET LOCAL session_replication_role = replica");
        List<Table> made = BackupCatalog.tables(connection).stream()
                .filter(table -> !isHistory(table))
                .toList();
        empty(connection, content, made);
        createSequences(connection, content.sequences());
        Map<String, Table> there = made.stream().collect(Collectors.toMap(Table::qualified, Function.identity()));
        for (Table table : content.tables()) {
            complete(connection, table, there.get(table.qualified()));
        }
        for (Table table : content.tables()) {
            if (!table.entry().isEmpty()) {
                load(connection, table);
            }
        }
        for (Sequence sequence : content.sequences()) {
            run(
                    connection,
                    sequence.name(),
                    "SELECT setval('" + sequence.name().replace("'", "''") + "', " + sequence.last() + ", "
                            + sequence.isCalled() + ")");
        }
        for (Table table : content.tables()) {
            runAll(connection, table, table.foreignKeys().values());
        }
        for (String other : BackupCatalog.others(connection)) {
            if (other.startsWith("materialized view ")) {
                run(connection, other, "REFRESH " + other);
            }
        }
    }

    /** From now on, until the transaction ends, the catalog gives all names with their schema. */
    static void useWholeNames(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL search_path = pg_catalog");
    }

    private boolean isHistory(Table table) {
        return table.name().equals(Database.MIGRATIONS) && table.schema().equals(database.schema());
    }

    /** Migrations may have written rows, which are in the backup as they were at the end. */
    private static void empty(Connection connection, BackupContent content, List<Table> made) throws SQLException {
        Set<String> restored = content.tables().stream().map(Table::qualified).collect(Collectors.toSet());
        for (Table table : made) {
            for (String key :
                    restored.contains(table.qualified()) ? table.foreignKeys().keySet() : Set.<String>of()) {
                execute(connection, "ALTER TABLE " + table.qualified() + " DROP CONSTRAINT " + Sessions.quoted(key));
            }
        }
        execute(connection, "TRUNCATE " + made.stream().map(Table::qualified).collect(Collectors.joining(", ")));
    }

    private void createSequences(Connection connection, List<Sequence> sequences) throws SQLException {
        Set<String> there = new HashSet<>();
        BackupCatalog.sequences(connection).forEach(sequence -> there.add(sequence.name()));
        for (Sequence sequence : sequences) {
            if (!sequence.create().isEmpty() && !there.contains(sequence.name())) {
                run(connection, sequence.name(), sequence.create());
            }
        }
    }

    /** Makes a table, or adds to it what it had and migrations don't make. */
    private void complete(Connection connection, Table table, @Nullable Table there) throws SQLException {
        if (there == null) {
            run(connection, table.qualified(), table.create());
        } else {
            runAll(connection, table, without(table.columns(), there.columns()));
        }
        runAll(
                connection,
                table,
                there == null ? table.constraints().values() : without(table.constraints(), there.constraints()));
        runAll(connection, table, there == null ? table.indexes().values() : without(table.indexes(), there.indexes()));
    }

    private static List<String> without(Map<String, String> wanted, Map<String, String> there) {
        return wanted.entrySet().stream()
                .filter(one -> !there.containsKey(one.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void load(Connection connection, Table table) throws SQLException, IOException {
        String statement = "COPY " + table.qualified() + " ("
                + String.join(", ", table.columns().keySet()) + ") FROM STDIN (ENCODING 'UTF8')";
        try {
            long rows = Copy.into(connection, statement, out -> backup.write(table, out));
            if (rows != table.rows()) {
                throw backup.damaged(null);
            }
        } catch (SQLException e) {
            throw unfit(table.qualified(), e);
        } catch (EOFException e) {
            throw backup.damaged(e);
        }
    }

    private void runAll(Connection connection, Table table, Collection<String> statements) throws SQLException {
        for (String statement : statements) {
            run(connection, table.qualified(), statement);
        }
    }

    private void run(Connection connection, String what, String sql) throws SQLException {
        try {
            execute(connection, sql);
        } catch (SQLException e) {
            throw unfit(what, e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Problem unfit(String what, SQLException refused) throws SQLException {
        if (Problems.isDatabaseAway(refused)) {
            throw refused;
        }
        return new Problem(
                Kind.USAGE,
                backup + " can't be restored: " + what + ": " + Problems.firstLine(refused.getMessage())
                        + ". Use the version of Bucket Brigade that made it, with the same BRIGADE_ROUTES.",
                refused);
    }
}
