package io.bucketbrigade.lake;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answers to several questions about one snapshot.
 *
 * @param run the last run that published one of the tables that the questions are about; null if none did
 * @param rows the rows, by the keys of the questions
 */
public record LakeAnswers(@Nullable Long run, Map<String, LakeRows> rows) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Those to questions about nothing. */
    static LakeAnswers none(Set<String> keys) {
        Map<String, LakeRows> rows = new LinkedHashMap<>();
        keys.forEach(key -> rows.put(key, new LakeRows(List.of(), List.of())));
        return new LakeAnswers(null, rows);
    }

    /**
     * The rows as JSON: the run, and an array of rows for each question.
     *
     * @param name what all the rows are called
     * @throws IOException never, as it goes into memory
     */
    public String json(String name) throws IOException {
        Map<String, Object> named = new LinkedHashMap<>();
        for (Map.Entry<String, LakeRows> answer : rows.entrySet()) {
            named.put(answer.getKey(), answer.getValue().named());
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("run", run);
        all.put(name, named);
        return JSON.writeValueAsString(all);
    }
}
