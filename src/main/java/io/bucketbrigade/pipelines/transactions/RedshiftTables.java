package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.redshift.RedshiftAddress;
import io.bucketbrigade.redshift.RedshiftDatabase;
import io.bucketbrigade.redshift.RedshiftDatabases;
import io.bucketbrigade.redshift.RedshiftSql;
import io.bucketbrigade.redshift.StagedFiles;
import io.bucketbrigade.streams.StreamBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse in a schema of Redshift. Each method throws a {@link Problem} if Redshift or the bucket can't be used. No signature here names a
 * class of the AWS SDK, so that none is loaded where Redshift is not used.
 */
public final class RedshiftTables {
    /** No statement takes so long, so nobody needs an older file any more. */
    private static final Duration STAGED_FOR = Duration.ofHours(2);

    private final RedshiftDatabases databases;
    private final RedshiftAddress address;
    private final String schema;
    private final String staging;
    private final String role;
    private final String folder;
    private @Nullable RedshiftDatabase database;
    private @Nullable StagedFiles files;

    /**
     * @param staging where rows wait to be loaded, as {@code s3://bucket/prefix}
     * @param role as whom Redshift reads them: default or an ARN
     * @param folder where the SQL is
     */
    public RedshiftTables(
            RedshiftDatabases databases,
            RedshiftAddress address,
            String schema,
            String staging,
            String role,
            String folder) {
        this.databases = databases;
        this.address = address;
        this.schema = schema;
        this.staging = staging;
        this.role = role;
        this.folder = folder;
    }

    private synchronized RedshiftDatabase database() {
        if (database == null) {
            database = databases.at(address);
        }
        return database;
    }

    private synchronized StagedFiles files() {
        if (files == null) {
            files = databases.stagedIn(staging);
        }
        return files;
    }

    /** The schema and where it is, as people know it. */
    @Override
    public String toString() {
        return "the schema " + schema + " of " + address;
    }

    private boolean exist() {
        return !ask("SELECT table_name FROM information_schema.tables WHERE table_name = 'loaded_rows' AND table_schema = "
                        + RedshiftSql.quoted(schema))
                .isEmpty();
    }

    private List<List<String>> loaded() {
        return ask("SELECT log, source, position FROM " + schema + ".loaded_rows");
    }

    /**
     * Makes sure that the schema is there, and holds the rows of this log and of no other one.
     *
     * @param log the name of the log
     * @param dealtWith up to which position the rows of each partition were brought there before
     */
    void prepare(String log, Map<Integer, Long> dealtWith) {
        boolean isBegun = dealtWith.values().stream().anyMatch(position -> position > 0);
        boolean exist = exist();
        if (!exist && isBegun) {
            throw missingRows();
        }
        if (!exist) {
            run("redshift-tables.sql", Map.of());
        }
        List<List<String>> loaded = loaded();
        if (loaded.isEmpty() && !isBegun) {
            run("redshift-begin.sql", Map.of("log", RedshiftSql.quoted(log)));
            loaded = loaded();
        }
        Map<Integer, Long> positions = new TreeMap<>();
        for (List<String> row : loaded) {
            if (!row.get(0).equals(log)) {
                throw new Problem(
                        Kind.CONFLICT,
                        "In " + this
                                + " is what arrived at another database. Name another schema (TRANSACTIONS_REDSHIFT_SCHEMA).");
            }
            positions.put(Integer.valueOf(row.get(1)), Long.valueOf(row.get(2)));
        }
        dealtWith.forEach((partition, position) -> {
            if (positions.getOrDefault(partition, 0L) < position) {
                throw missingRows();
            }
        });
    }

    private Problem missingRows() {
        return new Problem(
                Kind.CONFLICT,
                "Rows that were brought into the warehouse before are not in " + this
                        + ". Check the settings TRANSACTIONS_REDSHIFT_... and AWS_REGION; if they were deleted or restored to an earlier state,"
                        + " call ./brigade rebuild transactions, which says what must be empty.");
    }

    /** Checks that there are no rows. */
    void requireEmpty() {
        if (exist() && loaded().stream().anyMatch(row -> !row.get(2).equals("0"))) {
            throw new Problem(
                    Kind.CONFLICT,
                    "There are rows in " + this + ". A rebuild fills an empty schema only: DROP SCHEMA " + schema
                            + " CASCADE there, and it is made again; or name another one (TRANSACTIONS_REDSHIFT_SCHEMA).");
        }
    }

    /** Removes files from the bucket that nobody needs. */
    void tidy() {
        files().removeBefore(Instant.now().minus(STAGED_FOR));
    }

    /**
     * Loads a batch; those of its rows that are there already stay as they are. A row that can't be loaded is rejected, the others are loaded.
     */
    void load(StreamBatch rows) {
        new RedshiftLoad(this, files(), role).load(rows);
    }

    /** Runs the statements of a file in one transaction. */
    void run(String file, Map<String, String> values) {
        Map<String, String> all = new HashMap<>(values);
        all.put("schema", schema);
        database().run(RedshiftSql.read(folder + "/" + file).with(all));
    }

    /** The rows that a query finds, each as the texts of its columns. */
    List<List<String>> ask(String query) {
        return database().ask(query);
    }
}
