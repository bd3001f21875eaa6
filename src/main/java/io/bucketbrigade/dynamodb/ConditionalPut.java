package io.bucketbrigade.dynamodb;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item that is put if something holds for the one that it replaces.
 *
 * @param condition what must hold, as DynamoDB wants it
 * @param names attributes by their names in the condition; null if it names none so
 * @param values values by their names in the condition; null if it has none
 */
public record ConditionalPut(
        Map<String, AttributeValue> item,
        String condition,
        @Nullable Map<String, String> names,
        @Nullable Map<String, AttributeValue> values) {
    private static final String IS_NEW = "attribute_not_exists(" + ItemKey.PARTITION + ")";

    /** If there is none. */
    public static ConditionalPut ifNew(Map<String, AttributeValue> item) {
        return new ConditionalPut(item, IS_NEW, null, null);
    }

    /** If an attribute of it has that value. */
    public static ConditionalPut ifIs(Map<String, AttributeValue> item, String attribute, AttributeValue value) {
        return new ConditionalPut(item, "#known = :known", Map.of("#known", attribute), Map.of(":known", value));
    }

    /** If there is none, or an attribute of it is below that of the new item. */
    public static ConditionalPut ifNewOrBelow(Map<String, AttributeValue> item, String attribute) {
        return new ConditionalPut(
                item,
                IS_NEW + " OR #known < :known",
                Map.of("#known", attribute),
                Map.of(":known", item.get(attribute)));
    }
}
