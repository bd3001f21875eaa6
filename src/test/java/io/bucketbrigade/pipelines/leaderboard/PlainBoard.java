package io.bucketbrigade.pipelines.leaderboard;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** What the YAML of the plain twin can't say: joining names and sorting. The simple way on purpose. */
public final class PlainBoard {
    /** The full names, by user; where a user has several rows, the last one counts. */
    public Map<String, String> names(List<Map<String, String>> users) {
        Map<String, String> names = new HashMap<>();
        users.forEach(user ->
                names.put(text(user, "user_id"), (text(user, "first_name") + " " + text(user, "last_name")).trim()));
        return names;
    }

    /** A row of the result. */
    public Map<String, Object> row(
            @ExchangeProperty(Exchange.AGGREGATED_CORRELATION_KEY) String userId,
            @ExchangeProperty(Exchange.AGGREGATED_SIZE) int messages,
            @Variable("names") Map<String, String> names) {
        return Map.of("user_id", userId, "messages", messages, "name", names.getOrDefault(userId, ""));
    }

    /** Fewest messages first; ties by id, as numbers if all ids are whole numbers. */
    public List<Map<String, Object>> inOrder(List<Map<String, Object>> rows) {
        Comparator<Map<String, Object>> byMessages = Comparator.comparing(row -> new BigInteger(text(row, "messages")));
        Comparator<Map<String, Object>> byNumber = Comparator.comparing(row -> new BigInteger(text(row, "user_id")));
        Comparator<Map<String, Object>> byText = Comparator.comparing(row -> text(row, "user_id"));
        boolean numbers = rows.stream().allMatch(row -> text(row, "user_id").matches("-?[0-9]+"));
        Comparator<Map<String, Object>> byId = numbers ? byNumber.thenComparing(byText) : byText;
        return rows.stream().sorted(byMessages.thenComparing(byId)).toList();
    }

    private static String text(Map<String, ?> row, String column) {
        Object value = row.get(column);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + column + " in " + row);
        }
        return value.toString();
    }
}
