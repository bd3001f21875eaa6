package io.bucketbrigade.dynamodb;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Whether a table exists and has the keys it needs; makes it where it doesn't exist. */
final class TableDefinition {
    private static final Duration MADE_WITHIN = Duration.ofSeconds(60);
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final List<AttributeDefinition> KEYS = Stream.of(ItemKey.PARTITION, ItemKey.SORT)
            .map(name -> AttributeDefinition.builder()
                    .attributeName(name)
                    .attributeType(ScalarAttributeType.S)
                    .build())
            .toList();
    private static final List<KeySchemaElement> SCHEMA =
            List.of(element(ItemKey.PARTITION, KeyType.HASH), element(ItemKey.SORT, KeyType.RANGE));

    private TableDefinition() {}

    private static KeySchemaElement element(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    /** What whoever may do so does to make a table. */
    static String make(String table) {
        return "Create it: aws dynamodb create-table --table-name " + table
                + " --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=pk,AttributeType=S"
                + " AttributeName=sk,AttributeType=S --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE";
    }

    /**
     * Whether it exists.
     *
     * @throws Problem if it has other keys
     */
    static boolean exists(DynamoDbClient client, String table) {
        TableDescription found;
        try {
            found = client.describeTable(request -> request.tableName(table)).table();
        } catch (ResourceNotFoundException none) {
            return false;
        }
        if (!found.keySchema().equals(SCHEMA) || !found.attributeDefinitions().containsAll(KEYS)) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The DynamoDB table " + table
                            + " belongs to something else: its keys are not the texts pk and sk. Name another table.");
        }
        return true;
    }

    /** Makes it, paid per request, and waits until it can be used. */
    static void create(DynamoDbClient client, String table) {
        try {
            client.createTable(CreateTableRequest.builder()
                    .tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(KEYS)
                    .keySchema(SCHEMA)
                    .build());
        } catch (DynamoDbException refused) {
            if (isDenied(refused)) {
                throw new Problem(
                        Kind.TRANSIENT,
                        "There is no DynamoDB table " + table + ", and the current credentials may not create it. "
                                + make(table),
                        refused);
            }
            throw refused;
        }
        try {
            client.waiter().waitUntilTableExists(request -> request.tableName(table), waiting -> waiting.waitTimeout(
                            MADE_WITHIN)
                    .maxAttempts((int) MADE_WITHIN.toSeconds())
                    .backoffStrategyV2(BackoffStrategy.fixedDelay(ASK_EVERY)));
        } catch (SdkClientException notYet) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The DynamoDB table " + table + " is still being created. It is tried again.",
                    notYet);
        }
    }

    private static boolean isDenied(AwsServiceException refused) {
        return refused.awsErrorDetails() != null
                && "AccessDeniedException".equals(refused.awsErrorDetails().errorCode());
    }
}
