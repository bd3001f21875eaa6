package io.bucketbrigade.streams;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.util.List;

/**
 * Reads JSON so that a field that an object has more than once keeps the first two values, as a list in a {@link POJONode}, which is found nowhere else.
 * Jackson would keep the last one, or refuse the whole text, and with it all other rows.
 */
final class RepeatedFields extends JsonNodeDeserializer {
    private static final long serialVersionUID = 1L;

    @Override
    protected void _handleDuplicateField(
            JsonParser parser,
            DeserializationContext context,
            JsonNodeFactory nodes,
            String name,
            ObjectNode object,
            JsonNode before,
            JsonNode value) {
        if (before instanceof POJONode) {
            object.set(name, before);
        } else {
            object.putPOJO(name, List.of(before, value));
        }
    }
}
