package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.dynamodb.ItemKey;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The attributes of an item, typed. Numbers are exact, and keep the zeros at their ends, which DynamoDB does not: beside such a number, another
 * attribute holds how many digits it has behind the point.
 */
final class Attributes {
    private static final int MOST_DIGITS = 38;
    private static final String DIGITS = "_digits";

    private final Map<String, AttributeValue> values;

    private Attributes(Map<String, AttributeValue> values) {
        this.values = values;
    }

    static Attributes of(ItemKey key) {
        return new Attributes(new HashMap<>(key.attributes()));
    }

    static Attributes read(Map<String, AttributeValue> item) {
        return new Attributes(item);
    }

    Map<String, AttributeValue> item() {
        return values;
    }

    /** Adds a text, if there is one. */
    Attributes put(String name, @Nullable String text) {
        if (text != null) {
            values.put(name, AttributeValue.fromS(text));
        }
        return this;
    }

    Attributes put(String name, long number) {
        values.put(name, number(number));
        return this;
    }

    /**
     * Checks that DynamoDB keeps a number as it is.
     *
     * @param what what it is, for people
     * @throws Problem if it has too many digits
     */
    static void requireKept(String what, BigDecimal number) {
        int digits = stripped(number).precision();
        if (digits > MOST_DIGITS) {
            throw new Problem(
                    Kind.INPUT,
                    what + " has " + digits + " digits, and DynamoDB keeps at most " + MOST_DIGITS + " of a number.");
        }
    }

    private static BigDecimal stripped(BigDecimal number) {
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    Attributes put(String name, BigDecimal number) {
        BigDecimal kept = stripped(number);
        values.put(name, AttributeValue.fromN(kept.toPlainString()));
        if (number.scale() > Math.max(0, kept.scale())) {
            put(name + DIGITS, number.scale());
        }
        return this;
    }

    static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    private AttributeValue value(String name) {
        AttributeValue value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("an item has no " + name);
        }
        return value;
    }

    String text(String name) {
        return value(name).s();
    }

    @Nullable
    String textIfAny(String name) {
        AttributeValue value = values.get(name);
        return value == null ? null : value.s();
    }

    long whole(String name) {
        return Long.parseLong(value(name).n());
    }

    BigDecimal decimal(String name) {
        BigDecimal number = new BigDecimal(value(name).n());
        int digits = values.containsKey(name + DIGITS) ? (int) whole(name + DIGITS) : Math.max(0, number.scale());
        return number.setScale(digits);
    }
}
