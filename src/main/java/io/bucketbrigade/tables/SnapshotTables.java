package io.bucketbrigade.tables;

import io.bucketbrigade.database.Copy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.Transaction;
import io.bucketbrigade.tables.Reading.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Replaces tables by what files hold, in one transaction.
 *
 * <p>Keys and foreign keys are dropped before the rows come in and created again as they were: checking a whole table at once is
 * several times as fast as checking row by row, and what is wrong was found before. Views, rights and checks that people put on
 * the tables stay. From the first change to the commit, who reads these tables waits. Rows come in frozen, which PostgreSQL allows
 * in tables that were emptied in the same transaction: nobody has to touch them again to mark them as old.
 */
final class SnapshotTables {
    /** A foreign key of another table refers to them, or a view needs one of their keys. */
    private static final Set<String> DEPENDED_ON = Set.of("0A000", "2BP01");

    /** How much memory a sort or an index may take while the tables are filled; PostgreSQL's own default is small. */
    private static final String PREPARE =
            "SET LOCAL lock_timeout = '60s'; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '64MB'";

    private static final String CONSTRAINTS = """
            SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
            FROM pg_constraint
            WHERE conrelid = ANY (?::regclass[]) AND contype IN ('p', 'u', 'f')
            ORDER BY contype = 'f', conrelid, conname
            """;

    /** A constraint that was dropped. */
    private record Constraint(String table, String name, String definition) {}

    /** Constraints that were dropped for the load, of tables that are full again. */
    static final class DroppedConstraints {
        private final List<String> tables;
        private final List<Constraint> constraints;

        private DroppedConstraints(List<String> tables, List<Constraint> constraints) {
            this.tables = tables;
            this.constraints = constraints;
        }
    }

    /**
     * Empties the tables of the files that were read and fills them again.
     *
     * @throws Problem if something of the user's depends on the tables
     * @throws SQLException if the database refuses
     * @throws IOException if rows can't be read
     */
    DroppedConstraints load(Transaction transaction, Reading reading) throws SQLException, IOException {
        List<String> tables =
                reading.mappings().stream().map(TableMapping::table).distinct().toList();
        List<Constraint> constraints = new ArrayList<>();
        transaction.perform(connection -> {
            constraints.addAll(empty(connection, tables));
            for (TableMapping mapping : reading.mappings()) {
                copy(connection, mapping, reading.outcome(mapping));
            }
        });
        return new DroppedConstraints(tables, constraints);
    }

    private static List<Constraint> empty(Connection connection, List<String> tables) throws SQLException {
        String names = String.join(", ", tables);
        try {
            execute(connection, PREPARE);
            execute(connection, "TRUNCATE " + names);
            List<Constraint> constraints = constraints(connection, tables);
            for (int last = constraints.size() - 1; last >= 0; last--) {
                Constraint one = constraints.get(last);
                execute(connection, "ALTER TABLE " + one.table() + " DROP CONSTRAINT " + one.name());
            }
            return constraints;
        } catch (SQLException refused) {
            if (DEPENDED_ON.contains(String.valueOf(refused.getSQLState()))) {
                throw new Problem(
                        Kind.USAGE,
                        "Something in the database depends on " + names + ", which are replaced as a whole: "
                                + words(refused) + " Remove that foreign key or view, and run it again.",
                        refused);
            }
            throw refused;
        }
    }

    /** What PostgreSQL said, without its hint, which names a way that loses data. */
    private static String words(SQLException refused) {
        return String.valueOf(refused.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("Hint:"))
                .map(line -> line.replaceFirst("^(ERROR|Detail): ", "").replaceFirst("\\.$", ""))
                .collect(Collectors.joining("; ", "", "."));
    }

    private static List<Constraint> constraints(Connection connection, List<String> tables) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CONSTRAINTS)) {
            select.setArray(1, connection.createArrayOf("text", tables.toArray()));
            List<Constraint> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Constraint(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
            return found;
        }
    }

    private static void copy(Connection connection, TableMapping mapping, Outcome outcome)
            throws SQLException, IOException {
        Path typed = outcome.typed();
        if (typed == null) {
            throw new IllegalStateException("this was only a rehearsal");
        }
        String columns = mapping.columns().stream().map(Column::name).collect(Collectors.joining(", "))
                + (mapping.withLine() ? ", line" : "");
        long loaded = Copy.into(
                connection,
                "COPY " + mapping.table() + " (" + columns + ") FROM STDIN (FREEZE, ENCODING 'UTF8')",
                out -> Files.copy(typed, out));
        if (loaded != outcome.rows() - outcome.rejected()) {
            throw new Problem(
                    Kind.INTERNAL,
                    "The row counts don't balance: " + outcome.rows() + " rows of " + mapping.file() + " read, "
                            + outcome.rejected() + " rejected, but " + loaded + " in " + mapping.table()
                            + ". Nothing was published. Please report this with the input.");
        }
    }

    /**
     * Puts the constraints on again, and counts what the tables hold, so that PostgreSQL plans well.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if the line is cut
     */
    void restore(Transaction transaction, DroppedConstraints dropped) throws SQLException, IOException {
        transaction.perform(connection -> {
            for (Constraint one : dropped.constraints) {
                execute(
                        connection,
                        "ALTER TABLE " + one.table() + " ADD CONSTRAINT " + one.name() + " " + one.definition());
            }
            execute(connection, "ANALYZE " + String.join(", ", dropped.tables));
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
