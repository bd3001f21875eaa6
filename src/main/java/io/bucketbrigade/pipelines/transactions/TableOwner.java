package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.dynamodb.ConditionalPut;
import io.bucketbrigade.dynamodb.DynamoTable;
import io.bucketbrigade.dynamodb.ItemKey;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item of a table of DynamoDB says whose rows it holds: positions of one log mean nothing beside those of another. */
final class TableOwner {
    private static final ItemKey OWNER = new ItemKey("LOG", "LOG");
    private static final String LOG = "log";
    /** The owner, and one more. */
    private static final int SOME = 2;

    private final DynamoTable table;
    private final FilledStore.State state;

    TableOwner(DynamoTable table, FilledStore.State state) {
        this.table = table;
        this.state = state;
    }

    /**
     * Makes sure that the table is there, and holds the rows of this log and of no other one.
     *
     * @throws Problem if it does not
     */
    void require() {
        if (!table.exists()) {
            if (state.isBegun()) {
                throw missingRows();
            }
            table.create();
        }
        Map<String, AttributeValue> owner = table.find(List.of(OWNER), () -> {}).getOrDefault(OWNER, Map.of());
        if (owner.isEmpty() && state.isBegun()) {
            throw missingRows();
        }
        if (owner.isEmpty()) {
            table.put(ConditionalPut.ifNew(
                    Attributes.of(OWNER).put(LOG, state.log()).item()));
            owner = table.find(List.of(OWNER), () -> {}).getOrDefault(OWNER, Map.of());
        }
        if (!Attributes.read(owner).text(LOG).equals(state.log())) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The DynamoDB table " + table.name()
                            + " holds what arrived at another database. Name another table (TRANSACTIONS_STORE_TABLE).");
        }
    }

    private Problem missingRows() {
        return new Problem(
                Kind.CONFLICT,
                "The DynamoDB table " + table.name()
                        + " does not have the rows that were brought into it before. Check AWS_REGION and the credentials; if it was deleted, call"
                        + " ./brigade rebuild transactions, which says what must be empty.");
    }

    /**
     * Checks that a table holds no rows.
     *
     * @throws Problem if it does
     */
    static void requireEmpty(DynamoTable table) {
        if (table.exists() && table.some(SOME).stream().map(ItemKey::of).anyMatch(key -> !key.equals(OWNER))) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The DynamoDB table " + table.name()
                            + " is not empty. A rebuild fills empty tables only: delete it (aws dynamodb delete-table --table-name "
                            + table.name() + "), and it is created again; or name another one.");
        }
    }
}
