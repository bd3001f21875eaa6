package io.bucketbrigade.database;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The schemas, tables, views and sequences that migrations leave behind, read from their SQL, so that nobody has to keep a list beside
 * it. A table that gets another name or schema is forgotten, and so not checked; nor is what SQL builds while it runs.
 */
final class MadeByMigrations {
    private static final Pattern NOISE =
            Pattern.compile("--[^\\n]*|/\\*.*?\\*/|'[^']*'|(\\$\\w*\\$).*?\\1", Pattern.DOTALL);
    private static final String WORD = "(?:\\w+|\"[^\"]+\")";
    private static final String NAME = "(?:(" + WORD + ")\\.)?(" + WORD + ")";
    private static final Pattern SCHEMA = statement("CREATE SCHEMA (?:IF NOT EXISTS )?(" + WORD + ").*");
    private static final Pattern CREATED =
            statement("CREATE (?:OR REPLACE |UNLOGGED |MATERIALIZED )*(TABLE|VIEW|SEQUENCE)" + " (?:IF NOT EXISTS )?"
                    + NAME + " ?(?:\\((.*)\\))?.*");
    private static final Pattern ALTERED = statement("ALTER TABLE (?:IF EXISTS )?(?:ONLY )?" + NAME + " (.*)");
    private static final Pattern DROPPED =
            statement("DROP (?:MATERIALIZED )?(?:TABLE|VIEW|SEQUENCE) (?:IF EXISTS )?(.*?)(?: CASCADE| RESTRICT)?");
    private static final Pattern LISTED = Pattern.compile(NAME);
    private static final Pattern MOVED = statement("(?:RENAME TO|SET SCHEMA) .*");
    private static final Pattern RENAMED = statement("RENAME (?:COLUMN )?(" + WORD + ") TO (" + WORD + ")");
    private static final Pattern ADDED = statement("ADD (?:COLUMN )?(?:IF NOT EXISTS )?(" + WORD + ") .*");
    private static final Pattern REMOVED =
            statement("DROP (?:COLUMN )?(?:IF EXISTS )?(" + WORD + ")(?: CASCADE| RESTRICT)?");
    private static final Pattern COLUMN = statement("(" + WORD + ") .*");
    /** What begins a part of CREATE TABLE or ALTER TABLE that is not a column. */
    private static final Set<String> NO_COLUMNS =
            Set.of("constraint", "primary", "unique", "check", "foreign", "exclude", "like");

    private final String schema;
    private final Set<String> schemas = new TreeSet<>();
    private final Map<String, Relation> relations = new LinkedHashMap<>();

    /**
     * Something that migrations made.
     *
     * @param kind table, view or sequence
     * @param columns its columns, where it is a table
     * @param script the file that made it
     */
    record Relation(String kind, String schema, String name, Set<String> columns, String script) {}

    /** @param schema the schema of what is named without one */
    MadeByMigrations(String schema) {
        this.schema = schema;
    }

    /** Takes in one migration; they must come in the order in which they are applied. */
    void read(String script, String sql) {
        for (String one : NOISE.matcher(sql).replaceAll(" ").split(";", -1)) {
            String statement = one.replaceAll("\\s+", " ").strip();
            Matcher created = CREATED.matcher(statement);
            Matcher altered = ALTERED.matcher(statement);
            Matcher dropped = DROPPED.matcher(statement);
            Matcher schemaMade = SCHEMA.matcher(statement);
            if (created.matches()) {
                create(created, script);
            } else if (altered.matches()) {
                alter(key(altered.group(1), altered.group(2)), String.valueOf(altered.group(3)));
            } else if (dropped.matches()) {
                for (Matcher name = LISTED.matcher(dropped.group(1)); name.find(); ) {
                    relations.remove(key(name.group(1), name.group(2)));
                }
            } else if (schemaMade.matches()) {
                schemas.add(plain(schemaMade.group(1)));
            }
        }
    }

    private void create(Matcher created, String script) {
        String kind = String.valueOf(created.group(1)).toLowerCase(Locale.ROOT);
        Set<String> columns = new TreeSet<>();
        if (kind.equals("table") && created.group(4) != null) {
            parts(created.group(4)).forEach(part -> addColumn(columns, COLUMN.matcher(part)));
        }
        String inSchema = created.group(2) == null ? schema : plain(created.group(2));
        relations.putIfAbsent(
                key(created.group(2), created.group(3)),
                new Relation(kind, inSchema, plain(created.group(3)), columns, script));
    }

    private void alter(String key, String actions) {
        Relation table = relations.get(key);
        if (table == null) {
            return;
        }
        for (String action : parts(actions)) {
            Matcher removed = REMOVED.matcher(action);
            Matcher renamed = RENAMED.matcher(action);
            if (MOVED.matcher(action).matches()) {
                relations.remove(key);
            } else if (renamed.matches()) {
                table.columns().remove(plain(renamed.group(1)));
                table.columns().add(plain(renamed.group(2)));
            } else if (removed.matches()) {
                table.columns().remove(plain(removed.group(1)));
            } else {
                addColumn(table.columns(), ADDED.matcher(action));
            }
        }
    }

    private static void addColumn(Set<String> columns, Matcher column) {
        if (column.matches() && !NO_COLUMNS.contains(plain(column.group(1)))) {
            columns.add(plain(column.group(1)));
        }
    }

    /** What is between commas outside of parentheses; up to a parenthesis that closes none of them, as before WITH (…). */
    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int at = 0; at < list.length(); at++) {
            char symbol = list.charAt(at);
            depth += symbol == '(' ? 1 : symbol == ')' ? -1 : 0;
            if (depth < 0) {
                parts.add(list.substring(begin, at).strip());
                return parts;
            }
            if (symbol == ',' && depth == 0) {
                parts.add(list.substring(begin, at).strip());
                begin = at + 1;
            }
        }
        parts.add(list.substring(begin).strip());
        return parts;
    }

    private static Pattern statement(String form) {
        return Pattern.compile(form, Pattern.CASE_INSENSITIVE);
    }

    private String key(@Nullable String inSchema, @Nullable String name) {
        return (inSchema == null ? schema : plain(inSchema)) + "." + plain(name);
    }

    /** A name as the catalog has it. */
    private static String plain(@Nullable String name) {
        String text = String.valueOf(name);
        return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text.toLowerCase(Locale.ROOT);
    }

    /** The schemas that were made. */
    Set<String> schemas() {
        return schemas;
    }

    /** What was made and is still there, in that order. */
    Collection<Relation> relations() {
        return relations.values();
    }

    /** The names of all that with their schemas, as {@code schema.name}. */
    Set<String> names() {
        return relations.keySet();
    }
}
