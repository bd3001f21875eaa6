package io.bucketbrigade.web;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.rows.CsvText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** A row that was asked for, found by SQL as a JSON object. */
public final class SingleRow {
    /** Numbers keep their digits: 0.00 is not 0.0. */
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final String none;

    /** @param none what is said if there is none, as a sentence */
    public SingleRow(String none) {
        this.none = none;
    }

    /**
     * It as JSON.
     *
     * @throws Problem if there is none
     */
    public String json(@Body @Nullable Object found) {
        if (found instanceof String json) {
            return json;
        }
        throw new Problem(Kind.MISSING, none);
    }

    /**
     * It as CSV, with a header.
     *
     * @throws Problem if there is none
     * @throws IOException if the database gave something else
     */
    public String csv(@Body @Nullable Object found) throws IOException {
        JsonNode row = EXACT.readTree(json(found));
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            names.add(field.getKey());
            values.add(field.getValue().isNull() ? "" : field.getValue().asText());
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (CsvWriter csv = CsvText.writer(text)) {
            csv.writeRecord(names);
            csv.writeRecord(values);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
