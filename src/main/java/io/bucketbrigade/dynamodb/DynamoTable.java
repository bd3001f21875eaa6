package io.bucketbrigade.dynamodb;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import io.bucketbrigade.aws.Parallel;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A table whose items are known by an {@link ItemKey}. Reads see what was written before. What DynamoDB leaves unprocessed or throttles is
 * tried again with growing waits and jitter, for as long as it makes progress; the client has tried each request several times by then.
 *
 * <p>Each method throws a {@link Problem} if DynamoDB can't be reached, refuses the request, or makes no progress.
 */
public final class DynamoTable {
    private static final int PUTS_AT_ONCE = 25;
    private static final int GETS_AT_ONCE = 100;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 10;

    private final DynamoDbClient client;
    private final String name;
    private final Parallel parallel = new Parallel();

    public DynamoTable(DynamoDbClient client, String name) {
        this.client = client;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Whether it exists. */
    public boolean exists() {
        return ask(() -> TableDefinition.exists(client, name));
    }

    /** Makes it, paid per request, and waits until it can be used. */
    public void create() {
        ask(() -> {
            TableDefinition.create(client, name);
            return name;
        });
    }

    /**
     * Puts items, of which no two have the same key, in any order.
     *
     * @param meanwhile called once a second while that takes
     */
    public void putAll(List<Map<String, AttributeValue>> items, Runnable meanwhile) {
        List<Runnable> requests = new ArrayList<>();
        for (int from = 0; from < items.size(); from += PUTS_AT_ONCE) {
            List<WriteRequest> part = items.subList(from, Math.min(items.size(), from + PUTS_AT_ONCE)).stream()
                    .map(item -> WriteRequest.builder()
                            .putRequest(PutRequest.builder().item(item).build())
                            .build())
                    .toList();
            requests.add(() -> untilNothingIsLeft(
                    part, left -> client.batchWriteItem(request -> request.requestItems(Map.of(name, left)))
                            .unprocessedItems()
                            .getOrDefault(name, List.of())));
        }
        parallel.all(requests, meanwhile);
    }

    /**
     * The items of some keys, as far as they exist.
     *
     * @param meanwhile called once a second while that takes
     */
    public Map<ItemKey, Map<String, AttributeValue>> find(Collection<ItemKey> keys, Runnable meanwhile) {
        Map<ItemKey, Map<String, AttributeValue>> found = new ConcurrentHashMap<>();
        List<Map<String, AttributeValue>> all =
                keys.stream().distinct().map(ItemKey::attributes).toList();
        List<Runnable> requests = new ArrayList<>();
        for (int from = 0; from < all.size(); from += GETS_AT_ONCE) {
            List<Map<String, AttributeValue>> part = all.subList(from, Math.min(all.size(), from + GETS_AT_ONCE));
            requests.add(() -> untilNothingIsLeft(part, left -> get(left, found)));
        }
        parallel.all(requests, meanwhile);
        return new HashMap<>(found);
    }

    private List<Map<String, AttributeValue>> get(
            List<Map<String, AttributeValue>> keys, Map<ItemKey, Map<String, AttributeValue>> found) {
        BatchGetItemResponse answer = client.batchGetItem(request -> request.requestItems(Map.of(
                name,
                KeysAndAttributes.builder().keys(keys).consistentRead(true).build())));
        answer.responses().getOrDefault(name, List.of()).forEach(item -> found.put(ItemKey.of(item), item));
        KeysAndAttributes left = answer.unprocessedKeys().get(name);
        return left == null ? List.of() : left.keys();
    }

    private interface Step<T> {
        /** Does what it can, and says what is left. */
        List<T> apply(List<T> all);
    }

    private <T> void untilNothingIsLeft(List<T> all, Step<T> step) {
        List<T> left = all;
        while (!left.isEmpty()) {
            List<T> before = left;
            RetryPolicy<List<T>> unlessProgress = DynamoTable.<List<T>>retries()
                    .handleResultIf(after -> after.size() == before.size())
                    .build();
            left = ask(unlessProgress, () -> step.apply(before));
            if (left.size() == before.size()) {
                throw DynamoProblem.throttled(name, null);
            }
        }
    }

    /**
     * Puts an item.
     *
     * @return whether its condition held
     */
    public boolean put(ConditionalPut put) {
        try {
            ask(() -> client.putItem(request -> request.tableName(name)
                    .item(put.item())
                    .conditionExpression(put.condition())
                    .expressionAttributeNames(put.names())
                    .expressionAttributeValues(put.values())));
            return true;
        } catch (Problem failed) {
            if (failed.getCause() instanceof ConditionalCheckFailedException) {
                return false;
            }
            throw failed;
        }
    }

    /**
     * Puts items, each by itself, at the same time.
     *
     * @param meanwhile called once a second while that takes
     * @return those whose conditions did not hold
     */
    public List<ConditionalPut> putEach(List<ConditionalPut> puts, Runnable meanwhile) {
        List<ConditionalPut> refused = Collections.synchronizedList(new ArrayList<>());
        parallel.all(
                puts.stream()
                        .map(put -> (Runnable) () -> {
                            if (!put(put)) {
                                refused.add(put);
                            }
                        })
                        .toList(),
                meanwhile);
        return List.copyOf(refused);
    }

    /**
     * Puts items, either all or none.
     *
     * @return whether their conditions held
     */
    public boolean putTogether(List<ConditionalPut> puts) {
        List<TransactWriteItem> items = puts.stream()
                .map(put -> Put.builder()
                        .tableName(name)
                        .item(put.item())
                        .conditionExpression(put.condition())
                        .expressionAttributeNames(put.names())
                        .expressionAttributeValues(put.values())
                        .build())
                .map(put -> TransactWriteItem.builder().put(put).build())
                .toList();
        try {
            ask(() -> client.transactWriteItems(request -> request.transactItems(items)));
            return true;
        } catch (Problem failed) {
            if (failed.getCause() instanceof TransactionCanceledException cancelled
                    && cancelled.cancellationReasons().stream()
                            .anyMatch(reason -> "ConditionalCheckFailed".equals(reason.code()))) {
                return false;
            }
            throw failed;
        }
    }

    /**
     * All items of a partition in the order of the other key, none if the table does not exist.
     *
     * @param each gets them one by one
     */
    public void query(String partition, Consumer<Map<String, AttributeValue>> each) {
        Map<String, AttributeValue> after = null;
        do {
            QueryRequest request = QueryRequest.builder()
                    .tableName(name)
                    .consistentRead(true)
                    .keyConditionExpression(ItemKey.PARTITION + " = :partition")
                    .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition)))
                    .exclusiveStartKey(after)
                    .build();
            after = page(request, each);
        } while (after != null);
    }

    private @Nullable Map<String, AttributeValue> page(
            QueryRequest request, Consumer<Map<String, AttributeValue>> each) {
        try {
            var answer = ask(() -> client.query(request));
            answer.items().forEach(each);
            return answer.hasLastEvaluatedKey() && !answer.lastEvaluatedKey().isEmpty()
                    ? answer.lastEvaluatedKey()
                    : null;
        } catch (Problem failed) {
            if (failed.getCause() instanceof ResourceNotFoundException) {
                return null;
            }
            throw failed;
        }
    }

    /** Some items, at most as many as said, whichever come first. */
    public List<Map<String, AttributeValue>> some(int most) {
        return ask(() -> client.scan(
                        request -> request.tableName(name).consistentRead(true).limit(most))
                .items());
    }

    private static <T> RetryPolicyBuilder<T> retries() {
        return RetryPolicy.<T>builder()
                .handleIf((result, failure) ->
                        failure instanceof AwsServiceException answer && answer.isThrottlingException())
                .withMaxAttempts(ATTEMPTS)
                .withBackoff(Duration.ofMillis(50), LONGEST_WAIT)
                .withJitter(0.5);
    }

    private <T> T ask(Supplier<T> question) {
        return ask(DynamoTable.<T>retries().build(), question);
    }

    private <T> T ask(RetryPolicy<T> policy, Supplier<T> question) {
        try {
            return Failsafe.with(policy).get(question::get);
        } catch (SdkException failed) {
            throw DynamoProblem.of(failed, name);
        } catch (FailsafeException interrupted) {
            throw new Problem(Kind.TRANSIENT, "The service is stopping. Try again when it is back.", interrupted);
        }
    }
}
