package io.bucketbrigade.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows for every table of a database, whatever it is, and all that is in a database, to compare it with another. */
final class DatabaseRows {
    /** What checks want; everything else follows from a column's type. */
    private static final Map<String, String> VALUES = Map.of(
            "brigade.runs.state", "'failed'",
            "brigade.runs.error", "'it broke'",
            "brigade.fetched.state", "'fetched'",
            "brigade.upload_batches.state", "'open'",
            "brigade.staged_files.state", "'whole'",
            "brigade.quality_verdicts.severity", "'warn'",
            "lake.iceberg_tables.iceberg_type", "'TABLE'");

    private static final String COLUMNS = """
            SELECT quote_ident(attname), format_type(atttypid, NULL), attnotnull, nspname || '.' || relname || '.' || attname
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            ORDER BY attnum
            """;

    private static final String TABLES = """
            SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_|^information_schema$' AND relname <> 'brigade_migrations'
            """;

    private DatabaseRows() {}

    /** Writes three rows into each empty table, the third with NULL wherever it may be. A row refers to others of the same number. */
    static void fill(Connection connection) throws SQLException {
        List<String> left = texts(connection, TABLES + " AND NOT relispartition ORDER BY 1");
        left.removeIf(table -> !isEmpty(connection, table));
        SQLException last = null;
        for (int round = 0; round < 5 && !left.isEmpty(); round++) {
            List<String> tables = List.copyOf(left);
            left.clear();
            for (String table : tables) {
                try {
                    for (int number = 1; number <= 3; number++) {
                        execute(connection, insert(connection, table, number));
                    }
                } catch (SQLException refersToWhatIsNotThereYet) {
                    last = refersToWhatIsNotThereYet;
                    execute(connection, "TRUNCATE " + table + " CASCADE");
                    left.add(table);
                }
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("no rows for " + left, last);
        }
    }

    private static boolean isEmpty(Connection connection, String table) {
        try {
            return text(connection, "SELECT count(*) FROM " + table).equals("0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String insert(Connection connection, String table, int number) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS.formatted(table))) {
            while (row.next()) {
                columns.add(row.getString(1));
                String value = VALUES.getOrDefault(row.getString(4), value(row.getString(2), number));
                values.add(number == 3 && !row.getBoolean(3) && !VALUES.containsKey(row.getString(4)) ? "NULL" : value);
            }
        }
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") OVERRIDING SYSTEM VALUE VALUES ("
                + String.join(", ", values) + ")";
    }

    private static String value(String type, int number) {
        return switch (type) {
            case "text", "character varying" -> "E'row " + number + " \\t\\n\\\\. \\\\N é😀 \"'";
            case "smallint", "integer", "bigint" -> Integer.toString(number);
            case "numeric" -> number + ".25";
            case "double precision" -> number + " + 0.1::double precision + 0.2";
            case "boolean" -> "true";
            case "date" -> "date '2024-02-29' + " + number;
            case "timestamp without time zone" ->
                "timestamp '2024-02-29 23:59:59.123456' + interval '" + number + " day'";
            case "timestamp with time zone" -> "now()";
            case "json", "jsonb" -> "'{\"a\":   [" + number + ", \"\\u00e9\\n\"], \"a\": null}'";
            case "bytea" -> "'\\x00ff0" + number + "'";
            case "uuid" -> "gen_random_uuid()";
            case "text[]" -> "ARRAY['a,b', NULL, '\"', 'row " + number + "']";
            case "int8multirange" -> "'{[1,5), [9,1" + number + ")}'";
            default -> throw new IllegalStateException("no value of the type " + type);
        };
    }

    /** All rows, columns, constraints, indexes and positions of sequences, by what they are of. */
    static Map<String, String> everything(Database database) throws SQLException {
        Map<String, String> all = new TreeMap<>();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : texts(connection, TABLES + " ORDER BY 1")) {
                all.put(
                        "rows of " + table,
                        text(
                                connection,
                                "SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM " + table
                                        + " t"));
            }
            put(all, statement, "column", """
                    SELECT attrelid::regclass || '.' || attname,
                           format_type(atttypid, atttypmod) || attnotnull || attidentity::text || attgenerated::text || coalesce(pg_get_expr(adbin, adrelid), '')
                    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
                    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                    WHERE relkind IN ('r', 'p', 'v') AND attnum > 0 AND relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
                    """);
            put(all, statement, "constraint", """
                    SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
                    WHERE conrelid <> 0 AND connamespace::regnamespace::text !~ '^pg_|^information_schema$'
                    """);
            put(all, statement, "index", """
                    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) || indisvalid FROM pg_index
                    JOIN pg_class c ON c.oid = indrelid WHERE relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
                    """);
            put(all, statement, "partition", """
                    SELECT c.oid::regclass, inhparent::regclass || pg_get_expr(relpartbound, c.oid) FROM pg_class c JOIN pg_inherits ON inhrelid = c.oid
                    WHERE relkind = 'r'
                    """);
            put(
                    all,
                    statement,
                    "options",
                    "SELECT oid::regclass, reloptions FROM pg_class WHERE oid >= 16384 AND relkind = 'r'");
            put(
                    all,
                    statement,
                    "sequence",
                    "SELECT schemaname || '.' || sequencename, coalesce(last_value, -1) FROM pg_sequences");
            put(
                    all,
                    statement,
                    "migration",
                    "SELECT version, checksum FROM brigade_migrations WHERE version IS NOT NULL");
        }
        return all;
    }

    private static void put(Map<String, String> all, Statement statement, String what, String question)
            throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            while (row.next()) {
                all.put(what + " " + row.getString(1), String.valueOf(row.getString(2)));
            }
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String text(Connection connection, String question) throws SQLException {
        return texts(connection, question).get(0);
    }

    private static List<String> texts(Connection connection, String question) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            execute(connection, sql);
        }
    }

    /** The first value of the answer, as text. */
    static String ask(Database database, String question) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            return text(connection, question);
        }
    }
}
