package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.aws.Parallel;
import io.bucketbrigade.dynamodb.DynamoTable;
import io.bucketbrigade.dynamodb.DynamoTables;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.streams.StreamBatch;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The store of invoices, their lines and customers: tables of the database, which SQL fills and asks, or a table of DynamoDB, which this class
 * does. No signature here names a class of the AWS SDK, so that none is loaded where DynamoDB is not used.
 */
public final class SalesStore {
    static final String POSTGRESQL = "postgresql";
    private static final int INVOICES = 100;
    /** No row has a longer name of an invoice or a customer, and no key of DynamoDB can be much longer. */
    private static final int LONGEST_NAME = 100;

    private final DynamoTables tables;
    private final FilledStore filled;
    private final BatchTransaction batch;
    private final boolean isDynamo;
    private final String tableName;
    private @Nullable DynamoTable table;
    private volatile boolean isReady;
    private final Parallel preparing = new Parallel();

    /**
     * @param batch the transaction of the batch that a route deals with
     * @param store dynamodb or postgresql
     * @param tableName that of the table of DynamoDB
     */
    public SalesStore(DynamoTables tables, DataSource database, DataSource batch, String store, String tableName) {
        this.tables = tables;
        this.filled = FilledStore.ofInvoices(database);
        this.batch = new BatchTransaction(batch, "DynamoDB");
        this.isDynamo = !store.equals(POSTGRESQL);
        this.tableName = tableName;
    }

    private synchronized DynamoTable table() {
        if (table == null) {
            table = tables.named(tableName);
        }
        return table;
    }

    /**
     * Makes sure, once, that the store holds what was brought into it before; makes the table of DynamoDB where there is none.
     *
     * @throws Problem if it does not, or DynamoDB can't be used
     * @throws SQLException if the database refuses, or is away
     */
    public synchronized void prepare() throws SQLException {
        if (isReady) {
            return;
        }
        FilledStore.State state = filled.use(isDynamo ? "the DynamoDB table " + tableName : POSTGRESQL);
        if (isDynamo) {
            new TableOwner(table(), state).require();
        }
        isReady = true;
    }

    /**
     * The same within the transaction of a batch, which does not end although it may take long.
     *
     * @throws Problem if it can't be done
     */
    public void prepareForBatch() {
        if (!isReady) {
            preparing.all(List.of(this::prepareOrProblem), batch::keep);
        }
    }

    private void prepareOrProblem() {
        try {
            prepare();
        } catch (SQLException e) {
            throw Problems.of(e);
        }
    }

    /**
     * Brings a batch into the table of DynamoDB.
     *
     * @throws Problem if that fails; of kind INPUT if it is because of a row
     */
    public void write(@Body StreamBatch rows) {
        new InvoiceWriter(table(), batch::keep).write(SalesLine.of(rows));
    }

    /** What {@code web-invoice.sql} answers; null if there is no such invoice. */
    public @Nullable String invoice(@Header("invoice") String invoice) {
        return invoice.length() > LONGEST_NAME
                ? null
                : new InvoiceReader(table()).invoice(invoice).orElse(null);
    }

    /** What {@code web-customer.sql} answers; null if there is no such customer. */
    public @Nullable String customer(
            @Header("customer") String customer,
            @Header("limit") @Nullable Integer limit,
            @Header("cursor") @Nullable String cursor) {
        return customer.length() > LONGEST_NAME
                ? null
                : new InvoiceReader(table())
                        .customer(customer, limit == null ? INVOICES : limit, cursor == null ? "" : cursor)
                        .orElse(null);
    }

    /**
     * Checks that files can be loaded straight into the store, which only PostgreSQL can do in the transaction of their run.
     *
     * @throws Problem if the store is DynamoDB
     */
    public void requireFiles() {
        if (isDynamo) {
            throw new Problem(
                    Kind.USAGE,
                    "Files are loaded straight into PostgreSQL only, and TRANSACTIONS_STORE is dynamodb. Send the file instead:"
                            + " ./brigade send FILE URL.");
        }
    }

    /**
     * Checks that a rebuild can fill the table of DynamoDB.
     *
     * @throws Problem if it is used and not empty
     */
    public void requireEmpty() {
        if (isDynamo) {
            TableOwner.requireEmpty(table());
        }
    }
}
