package io.bucketbrigade.database;

import io.bucketbrigade.database.MadeByMigrations.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Whether what migrations made is still there, and may be used. Types, indexes and constraints are not compared: a column may have
 * another type as long as our SQL works with it.
 */
final class TableCheck {
    private static final String QUESTION = """
            SELECT quote_ident(wanted.schema),
                   quote_ident(wanted.schema) || '.' || quote_ident(wanted.name),
                   pg_class.oid IS NOT NULL,
                   coalesce(has_schema_privilege(pg_namespace.oid, 'USAGE'), true),
                   ARRAY(SELECT attname::text FROM pg_attribute
                         WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum),
                   ARRAY(SELECT wanted_right FROM unnest(string_to_array(wanted.rights, ' ')) AS wanted_right
                         WHERE CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(pg_class.oid, wanted_right)
                                    ELSE NOT has_table_privilege(pg_class.oid, wanted_right) END)
            FROM unnest(?::text[], ?::text[], ?::text[]) WITH ORDINALITY AS wanted(schema, name, rights, number)
            LEFT JOIN pg_namespace ON nspname = wanted.schema
            LEFT JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = wanted.name
                 AND CASE wanted.rights WHEN 'USAGE' THEN relkind = 'S'
                                        WHEN 'SELECT' THEN relkind IN ('v', 'm')
                                        ELSE relkind IN ('r', 'p') END
            ORDER BY number
            """;

    /** What our SQL does with each kind; which of it a single table needs is in the SQL alone. */
    private static final Map<String, String> RIGHTS =
            Map.of("table", "SELECT INSERT UPDATE DELETE", "view", "SELECT", "sequence", "USAGE");

    private final DatabaseAddress address;
    private final String user;

    TableCheck(DatabaseAddress address, ServerFacts facts) {
        this.address = address;
        this.user = facts.user();
    }

    /**
     * What is missing, in sentences that say what to do.
     *
     * @throws SQLException if the database does not answer
     */
    List<String> missing(Connection connection, Collection<Relation> made) throws SQLException {
        Set<String> closedSchemas = new TreeSet<>();
        List<String> missing = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(QUESTION)) {
            select.setArray(1, texts(connection, made, Relation::schema));
            select.setArray(2, texts(connection, made, Relation::name));
            select.setArray(3, texts(connection, made, relation -> RIGHTS.getOrDefault(relation.kind(), "")));
            try (ResultSet row = select.executeQuery()) {
                for (Relation relation : made) {
                    row.next();
                    String name = row.getString(2);
                    if (!row.getBoolean(4)) {
                        closedSchemas.add(row.getString(1));
                    }
                    if (row.getBoolean(3)) {
                        missing.addAll(columns(relation, name, texts(row, 5)));
                        missing.addAll(rights(relation.kind(), name, texts(row, 6)));
                    } else {
                        missing.add("The database " + address + " no longer has the " + relation.kind() + " " + name
                                + ", which Bucket Brigade created. Restore it from a backup, or run what "
                                + relation.script() + " and later migrations say about it.");
                    }
                }
            }
        }
        closedSchemas.forEach(schema -> missing.addAll(rights("schema", schema, List.of("USAGE"))));
        return missing;
    }

    private static List<String> columns(Relation table, String name, List<String> there) {
        Set<String> missing = new TreeSet<>(table.columns());
        there.forEach(missing::remove);
        Set<String> strange = new LinkedHashSet<>(there);
        strange.removeAll(table.columns());
        return missing.isEmpty()
                ? List.of()
                : List.of("The table " + name + " no longer has the "
                        + (missing.size() == 1 ? "column " : "columns ") + String.join(", ", missing)
                        + (strange.isEmpty()
                                ? ""
                                : "; columns that Bucket Brigade did not create: " + String.join(", ", strange))
                        + ". Rename columns back (ALTER TABLE " + name
                        + " RENAME COLUMN … TO …), restore the table from a backup, or add what is missing as in "
                        + table.script() + " or a later migration.");
    }

    private List<String> rights(String kind, String name, List<String> missing) {
        String rights = String.join(", ", missing);
        String on =
                kind.equals("schema") || kind.equals("sequence") ? kind.toUpperCase(Locale.ROOT) + " " + name : name;
        return missing.isEmpty()
                ? List.of()
                : List.of("The user " + user + " does not have " + rights + " on the " + kind + " " + name + " in "
                        + address + ". Have the owner run: GRANT " + rights + " ON " + on + " TO "
                        + Sessions.quoted(user) + ";");
    }

    private static Array texts(Connection connection, Collection<Relation> made, Function<Relation, String> text)
            throws SQLException {
        return connection.createArrayOf("text", made.stream().map(text).toArray());
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
