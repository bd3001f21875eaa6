package io.bucketbrigade.dynamodb;

import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The tables of DynamoDB. The client is made when a table is first used, so that nobody without one waits for it. */
public final class DynamoTables {
    private final Supplier<DynamoDbClient> client;

    public DynamoTables(Supplier<DynamoDbClient> client) {
        this.client = client;
    }

    /**
     * The table of that name, whether it exists or not.
     *
     * @throws io.bucketbrigade.problems.Problem if region or endpoint are wrong
     */
    public DynamoTable named(String name) {
        return new DynamoTable(client.get(), name);
    }
}
