package io.bucketbrigade.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.bucketbrigade.rows.CsvText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an answer.
 *
 * @param columns their names
 * @param rows the values of each, in that order: numbers, truth values, texts, lists of these, JSON, or null
 */
public record LakeRows(List<String> columns, List<List<@Nullable Object>> rows) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static LakeRows read(ResultSet answer) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int at = 1; at <= answer.getMetaData().getColumnCount(); at++) {
            columns.add(answer.getMetaData().getColumnLabel(at));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (answer.next()) {
            List<@Nullable Object> row = new ArrayList<>(columns.size());
            for (int at = 1; at <= columns.size(); at++) {
                row.add(plain(answer.getObject(at)));
            }
            rows.add(row);
        }
        return new LakeRows(columns, rows);
    }

    /** JSON has no number that is none. */
    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number : null;
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Array list) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (Object one : Arrays.asList((Object[]) list.getArray())) {
                plain.add(plain(one));
            }
            return plain;
        }
        if (value instanceof JsonNode json) {
            return json(json);
        }
        return value instanceof Timestamp time ? time.toLocalDateTime().toString() : value.toString();
    }

    private static Object json(JsonNode written) {
        try {
            return JSON.readTree(written.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Map<String, @Nullable Object>> named() {
        List<Map<String, @Nullable Object>> all = new ArrayList<>(rows.size());
        for (List<@Nullable Object> row : rows) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            for (int at = 0; at < row.size(); at++) {
                named.put(columns.get(at), row.get(at));
            }
            all.add(named);
        }
        return all;
    }

    /**
     * The rows as a JSON array of objects.
     *
     * @throws IOException never, as it goes into memory
     */
    public String json() throws IOException {
        return JSON.writeValueAsString(named());
    }

    /**
     * The rows as CSV, below a header; blank if nothing was published.
     *
     * @throws IOException never, as it goes into memory
     */
    public String csv() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (CsvWriter csv = CsvText.writer(text)) {
            if (!columns.isEmpty()) {
                csv.writeRecord(columns);
            }
            for (List<@Nullable Object> row : rows) {
                csv.writeRecord(row.stream().map(LakeRows::field).toList());
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static String field(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof Double number
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
                : value.toString();
    }
}
