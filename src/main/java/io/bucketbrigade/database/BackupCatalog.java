package io.bucketbrigade.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.database.BackupContent.Migration;
import io.bucketbrigade.database.BackupContent.Sequence;
import io.bucketbrigade.database.BackupContent.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in a database, as its catalog says. Most tables are made by migrations; the SQL for the others, such as a stream's log and its
 * partitions, is put together here, as pg_dump does, which the embedded PostgreSQL doesn't have.
 */
final class BackupCatalog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};

    private static final String OURS = """
            nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
            """;

    private static final String NAMES = """
            SELECT format('%I.%I', nspname, relname)
            FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND OURS
            ORDER BY 1
            """.replace("OURS", OURS);

    private static final String TABLES = """
            WITH columns AS (
                SELECT attrelid, attnum, attname, attgenerated = '' AS has_data,
                       format('%I %s', attname, format_type(atttypid, atttypmod))
                       || CASE WHEN attcollation <> 0 AND attcollation <> typcollation
                               THEN (SELECT format(' COLLATE %I.%I', nspname, collname)
                                     FROM pg_collation c JOIN pg_namespace n ON n.oid = collnamespace WHERE c.oid = attcollation)
                               ELSE '' END
                       || CASE WHEN attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(adbin, adrelid) || ')'
                                                            || CASE attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END
                               WHEN attidentity <> '' THEN ' GENERATED ' || CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END
                                                           || ' AS IDENTITY (SEQUENCE NAME '
                                                           || pg_get_serial_sequence(format('%I.%I', nspname, relname), attname)
                                                           || ' START ' || seqstart || ' INCREMENT ' || seqincrement
                                                           || ' MINVALUE ' || seqmin || ' MAXVALUE ' || seqmax || ')'
                               WHEN adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(adbin, adrelid)
                               ELSE '' END
                       || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END AS definition
                FROM pg_attribute
                JOIN pg_class t ON t.oid = attrelid
                JOIN pg_namespace ON pg_namespace.oid = relnamespace
                JOIN pg_type y ON y.oid = atttypid
                LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                LEFT JOIN pg_sequence ON attidentity <> ''
                     AND seqrelid = pg_get_serial_sequence(format('%I.%I', nspname, relname), attname)::regclass
                WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p') AND OURS
            ),
            constraints AS (
                SELECT conrelid, conname, contype, format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s',
                                                          nspname, relname, conname, pg_get_constraintdef(c.oid)) AS definition
                FROM pg_constraint c
                JOIN pg_class t ON t.oid = conrelid
                JOIN pg_namespace n ON n.oid = relnamespace
                WHERE contype IN ('c', 'p', 'u', 'x', 'f') AND conparentid = 0 AND NOT (contype = 'c' AND coninhcount > 0)
            )
            SELECT nspname, relname,
                   format('CREATE SCHEMA IF NOT EXISTS %1$I; CREATE %3$sTABLE %1$I.%2$I ', nspname, relname, CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END)
                   || CASE WHEN relispartition
                           THEN (SELECT format('PARTITION OF %I.%I %s', n.nspname, p.relname, pg_get_expr(t.relpartbound, t.oid))
                                 FROM pg_inherits JOIN pg_class p ON p.oid = inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
                                 WHERE inhrelid = t.oid)
                           ELSE '(' || coalesce((SELECT string_agg(definition, ', ' ORDER BY attnum) FROM columns WHERE attrelid = t.oid), '')
                                || ')' END
                   || CASE WHEN relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(t.oid) ELSE '' END
                   || CASE WHEN reloptions IS NULL THEN '' ELSE ' WITH (' || array_to_string(reloptions, ', ') || ')' END,
                   (SELECT coalesce(json_object_agg(quote_ident(attname), format('ALTER TABLE %I.%I ADD COLUMN %s', nspname, relname, definition)
                                                    ORDER BY attnum), '{}')
                    FROM columns WHERE attrelid = t.oid AND has_data),
                   (SELECT coalesce(json_object_agg(conname, definition ORDER BY contype <> 'p', conname), '{}')
                    FROM constraints WHERE conrelid = t.oid AND contype <> 'f'),
                   (SELECT coalesce(json_object_agg(i.relname, pg_get_indexdef(i.oid) ORDER BY i.relname), '{}')
                    FROM pg_index JOIN pg_class i ON i.oid = indexrelid
                    WHERE indrelid = t.oid AND NOT i.relispartition
                      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))),
                   (SELECT coalesce(json_object_agg(conname, definition ORDER BY conname), '{}')
                    FROM constraints WHERE conrelid = t.oid AND contype = 'f'),
                   CASE WHEN relkind = 'p' THEN '' ELSE 'tables/' || t.oid || '.copy' END
            FROM pg_class t
            JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND OURS
            ORDER BY (SELECT count(*) FROM pg_partition_ancestors(t.oid)), 1, 2
            """.replace("OURS", OURS);

    private static final String SEQUENCES = """
            SELECT format('%I.%I', nspname, relname),
                   CASE WHEN EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND classid = 'pg_class'::regclass AND deptype = 'i') THEN ''
                        ELSE format('CREATE SCHEMA IF NOT EXISTS %1$I; CREATE SEQUENCE %1$I.%2$I AS %3$s START %4$s INCREMENT %5$s MINVALUE %6$s MAXVALUE %7$s%8$s', nspname, relname,
                                    format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax, CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END)
                   END
            FROM pg_class c
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            JOIN pg_sequence ON seqrelid = c.oid
            WHERE OURS
            ORDER BY 1
            """.replace("OURS", OURS);

    private static final String OTHERS = """
            SELECT format('%s %I.%I', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END, nspname, relname)
            FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relkind IN ('v', 'm', 'f') AND OURS
            UNION ALL
            SELECT 'function ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace ON pg_namespace.oid = pronamespace
            WHERE OURS AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
            UNION ALL
            SELECT format('trigger %I of %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL
            SELECT format('type %I.%I', nspname, typname) FROM pg_type t JOIN pg_namespace ON pg_namespace.oid = typnamespace
            WHERE (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c')) AND OURS
            UNION ALL
            SELECT format('extension %I', extname) FROM pg_extension WHERE extname <> 'plpgsql'
            UNION ALL
            SELECT format('role %I', rolname) FROM pg_roles WHERE oid >= 16384
            ORDER BY 1
            """.replace("OURS", OURS);

    private BackupCatalog() {}

    /** The tables, as SQL names them. */
    static List<String> names(Connection connection) throws SQLException {
        return texts(connection, NAMES);
    }

    /** The tables, without their rows. A partition comes after the table that it is of. */
    static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                tables.add(new Table(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        texts(row, 4),
                        texts(row, 5),
                        texts(row, 6),
                        texts(row, 7),
                        row.getString(8),
                        0));
            }
        }
        return tables;
    }

    /** The sequences with their positions, which are never behind the rows that were seen before. */
    static List<Sequence> sequences(Connection connection) throws SQLException {
        List<Sequence> sequences = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                Statement position = connection.createStatement();
                ResultSet row = statement.executeQuery(SEQUENCES)) {
            while (row.next()) {
                try (ResultSet at = position.executeQuery("SELECT last_value, is_called FROM " + row.getString(1))) {
                    at.next();
                    sequences.add(new Sequence(row.getString(1), row.getString(2), at.getLong(1), at.getBoolean(2)));
                }
            }
        }
        return sequences;
    }

    /** The migrations that were applied, as the table of that name says. */
    static List<Migration> migrations(Connection connection, String history) throws SQLException {
        List<Migration> migrations = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version, script, checksum FROM " + history
                        + " WHERE success AND type = 'SQL' AND version IS NOT NULL ORDER BY installed_rank")) {
            while (row.next()) {
                migrations.add(new Migration(row.getString(1), row.getString(2), row.getInt(3)));
            }
        }
        return migrations;
    }

    /** What else is there: views, functions and the like. */
    static List<String> others(Connection connection) throws SQLException {
        return texts(connection, OTHERS);
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

    private static Map<String, String> texts(ResultSet row, int column) throws SQLException {
        try {
            return JSON.readValue(row.getString(column), TEXTS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL made JSON that can't be read", e);
        }
    }
}
