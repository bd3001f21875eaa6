package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.redshift.CopyRole;
import io.bucketbrigade.redshift.RedshiftError;
import io.bucketbrigade.redshift.RedshiftSql;
import io.bucketbrigade.redshift.StagedFiles;
import io.bucketbrigade.streams.StreamBatch;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a batch into the tables of Redshift by way of a staged file. */
final class RedshiftLoad {
    private static final Logger LOG = LoggerFactory.getLogger(RedshiftLoad.class);
    /** If still more rows of a batch can't be loaded, parts of it are tried alone, until the rows are found or all of them are wrong. */
    private static final int MOST_ATTEMPTS = 10;

    private static final String WRONG_ROWS =
            "SELECT line_number, TRIM(column_name), TRIM(error_message) FROM sys_load_error_detail WHERE file_name = ";

    private final RedshiftTables tables;
    private final StagedFiles files;
    private final String role;

    RedshiftLoad(RedshiftTables tables, StagedFiles files, String role) {
        this.tables = tables;
        this.files = files;
        this.role = role;
    }

    /**
     * Loads a batch; those of its rows that are there already stay as they are. A row that can't be loaded is rejected, the others are loaded.
     */
    void load(StreamBatch rows) {
        Map<Integer, String> rejected = new TreeMap<>();
        for (int attempt = 1; ; attempt++) {
            RedshiftBatch batch = new RedshiftBatch(rows, rejected.keySet());
            if (batch.isEmpty()) {
                tables.run("redshift-moved.sql", Map.of("moved", batch.moved()));
                break;
            }
            Map<Integer, String> wrong = load(batch);
            if (wrong.isEmpty()) {
                break;
            }
            rejected.putAll(wrong);
            if (attempt == MOST_ATTEMPTS) {
                throw new Problem(
                        Kind.INPUT,
                        "Many rows can't be loaded into " + tables + "; of the last, Redshift says: "
                                + wrong.values().iterator().next());
            }
        }
        rejected.forEach(rows::reject);
    }

    /** Gives the reasons of rows that keep the batch from being loaded; none if it is loaded. */
    private Map<Integer, String> load(RedshiftBatch batch) {
        String file = files.put(batch.bytes());
        try {
            tables.run(
                    "redshift-batch.sql",
                    Map.of(
                            "file",
                            RedshiftSql.quoted(file),
                            "role",
                            CopyRole.sql(role),
                            "first",
                            Long.toString(batch.first()),
                            "last",
                            Long.toString(batch.last()),
                            "moved",
                            batch.moved()));
            return Map.of();
        } catch (Problem failed) {
            Map<Integer, String> wrong = failed.getCause() instanceof RedshiftError error && error.isAboutFile()
                    ? wrongRows(batch, file, failed)
                    : Map.of();
            if (wrong.isEmpty()) {
                throw failed;
            }
            return wrong;
        } finally {
            remove(file);
        }
    }

    private Map<Integer, String> wrongRows(RedshiftBatch batch, String file, Problem failed) {
        Map<Integer, String> wrong = new TreeMap<>();
        try {
            tables.ask(WRONG_ROWS + RedshiftSql.quoted(file)).forEach(row -> batch.number(Integer.parseInt(row.get(0)))
                    .ifPresent(number -> wrong.put(
                            number, "Redshift can't load the column " + row.get(1) + ": " + row.get(2) + ".")));
        } catch (Problem unknown) {
            failed.addSuppressed(unknown);
        }
        return wrong;
    }

    private void remove(String file) {
        try {
            files.remove(file);
        } catch (RuntimeException left) {
            LOG.warn("{} is left in the bucket: {}", file, left.getMessage());
        }
    }
}
