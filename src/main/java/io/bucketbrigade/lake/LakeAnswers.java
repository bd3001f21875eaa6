package io.bucketbrigade.lake;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers to several questions about one snapshot.
 *
 * @param run the run that published the snapshot; null if nothing was published
 * @param charts the rows, by the keys of the questions
 */
public record LakeAnswers(@Nullable Long run, Map<String, LakeRows> charts) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The rows as JSON: the run, and an array of rows for each question.
     *
     * @throws IOException never, as it goes into memory
     */
    public String json() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectField("run", run);
            json.writeObjectFieldStart("charts");
            for (Map.Entry<String, LakeRows> chart : charts.entrySet()) {
                json.writeFieldName(chart.getKey());
                json.writeObject(chart.getValue().named());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }
}
