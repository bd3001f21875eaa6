package io.bucketbrigade.lake;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a call was given, as a question can be asked with it. */
final class QueryParameters {
    private QueryParameters() {}

    /**
     * The values of parameters, which a call may have once or several times.
     *
     * @param names separated by blanks
     * @return an entry for each name, empty where nothing was given
     */
    static Map<String, List<String>> of(String names, Map<String, Object> given) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String name : names.split(" ", -1)) {
            Object value = given.get(name);
            if (value instanceof Collection<?> several) {
                values.put(name, several.stream().map(String::valueOf).toList());
            } else {
                values.put(name, value == null ? List.of() : List.of(value.toString()));
            }
        }
        return values;
    }
}
