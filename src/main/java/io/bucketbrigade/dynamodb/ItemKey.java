package io.bucketbrigade.dynamodb;

import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What an item is known by. Items with the same partition are together, sorted by the other key.
 *
 * @param partition the value of {@link #PARTITION}
 * @param sort the value of {@link #SORT}
 */
public record ItemKey(String partition, String sort) {
    /** The attribute that is the partition key of every table. */
    public static final String PARTITION = "pk";
    /** The attribute that is the sort key of every table. */
    public static final String SORT = "sk";

    /** That of an item. */
    public static ItemKey of(Map<String, AttributeValue> item) {
        return new ItemKey(
                Objects.requireNonNull(item.get(PARTITION)).s(),
                Objects.requireNonNull(item.get(SORT)).s());
    }

    /** Its attributes. */
    public Map<String, AttributeValue> attributes() {
        return Map.of(PARTITION, AttributeValue.fromS(partition), SORT, AttributeValue.fromS(sort));
    }
}
