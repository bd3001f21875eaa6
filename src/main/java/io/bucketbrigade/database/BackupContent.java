package io.bucketbrigade.database;

import java.util.List;
import java.util.Map;

/**
 * What a backup holds, as its file {@code backup.json} says.
 *
 * @param product the program that made it
 * @param format the number of this format
 * @param madeAt when, in UTC
 * @param postgres the version of the server
 * @param schema the schema of the tables that have none in their name
 * @param migrations those that made the tables
 * @param tables the tables with rows, and those that are partitioned
 * @param sequences the sequences
 * @param others what no backup brings back: views, functions and the like, which migrations make, and roles
 */
public record BackupContent(
        String product,
        int format,
        String madeAt,
        String postgres,
        String schema,
        List<Migration> migrations,
        List<Table> tables,
        List<Sequence> sequences,
        List<String> others) {

    /**
     * A migration that was applied.
     *
     * @param checksum Flyway's
     */
    public record Migration(String version, String script, int checksum) {}

    /**
     * A table, and the SQL for what of it is missing in a database. Names in SQL carry their schema.
     *
     * @param schema its schema
     * @param name its name
     * @param create makes it without what follows
     * @param columns for each column with data, in quotes if it needs them, what adds it
     * @param constraints for each constraint, what adds it
     * @param indexes for each index that is not of a constraint, what makes it
     * @param foreignKeys for each foreign key, what adds it
     * @param entry the file with its rows; blank if it is partitioned and has none
     * @param rows how many
     */
    public record Table(
            String schema,
            String name,
            String create,
            Map<String, String> columns,
            Map<String, String> constraints,
            Map<String, String> indexes,
            Map<String, String> foreignKeys,
            String entry,
            long rows) {

        /** Its name in SQL. */
        String qualified() {
            return Sessions.quoted(schema) + "." + Sessions.quoted(name);
        }

        /** The same with its number of rows. */
        Table with(long counted) {
            return new Table(schema, name, create, columns, constraints, indexes, foreignKeys, entry, counted);
        }
    }

    /**
     * A sequence.
     *
     * @param name its name in SQL, with its schema
     * @param create makes it, if it is not of an identity column
     * @param last its last value
     * @param isCalled whether that was used
     */
    public record Sequence(String name, String create, long last, boolean isCalled) {}

    /** How many rows it has. */
    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }
}
