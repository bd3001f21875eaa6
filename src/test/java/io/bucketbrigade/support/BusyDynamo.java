package io.bucketbrigade.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Makes of a server one that is asked for too much: it does the first half of a batch, and refuses every third item that is put alone. */
public final class BusyDynamo implements ExecutionInterceptor {
    private static final ExecutionAttribute<SdkRequest> ASKED = new ExecutionAttribute<>("asked");
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger unprocessed = new AtomicInteger();

    /** How many items of batches it has not processed. */
    public int unprocessed() {
        return unprocessed.get();
    }

    /** How many items it refused that were put alone. */
    public int refused() {
        return puts.get() / 3;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(ASKED, context.request());
        if (context.request() instanceof PutItemRequest && puts.incrementAndGet() % 3 == 0) {
            throw ProvisionedThroughputExceededException.builder()
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("ProvisionedThroughputExceededException")
                            .build())
                    .statusCode(400)
                    .build();
        }
    }

    private static <T> List<T> done(List<T> all) {
        return all.subList(0, (all.size() + 1) / 2);
    }

    private static <T> List<T> left(List<T> all) {
        return all.subList((all.size() + 1) / 2, all.size());
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        if (context.request() instanceof BatchWriteItemRequest write) {
            Map<String, List<WriteRequest>> done = new HashMap<>();
            write.requestItems().forEach((table, items) -> done.put(table, done(items)));
            return write.toBuilder().requestItems(done).build();
        }
        if (context.request() instanceof BatchGetItemRequest get) {
            Map<String, KeysAndAttributes> done = new HashMap<>();
            get.requestItems()
                    .forEach((table, keys) -> done.put(
                            table, keys.toBuilder().keys(done(keys.keys())).build()));
            return get.toBuilder().requestItems(done).build();
        }
        return context.request();
    }

    @Override
    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
        SdkRequest asked = attributes.getAttribute(ASKED);
        if (context.response() instanceof BatchWriteItemResponse answer
                && asked instanceof BatchWriteItemRequest write) {
            Map<String, List<WriteRequest>> all = new HashMap<>();
            write.requestItems().forEach((table, items) -> {
                if (items.size() > 1) {
                    all.put(table, left(items));
                    unprocessed.addAndGet(left(items).size());
                }
            });
            return answer.toBuilder().unprocessedItems(all).build();
        }
        if (context.response() instanceof BatchGetItemResponse answer && asked instanceof BatchGetItemRequest get) {
            Map<String, KeysAndAttributes> all = new HashMap<>();
            get.requestItems().forEach((table, keys) -> {
                if (keys.keys().size() > 1) {
                    all.put(table, keys.toBuilder().keys(left(keys.keys())).build());
                }
            });
            return answer.toBuilder().unprocessedKeys(all).build();
        }
        return context.response();
    }
}
