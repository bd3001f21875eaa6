package io.bucketbrigade.streams;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.TextNode;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.rows.ColumnNames;
import io.bucketbrigade.streams.RowColumn.BadValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the rows of a stream are written: as JSON objects with the names of its columns, in any letter case, with or without underscores. */
final class RowFormat {
    /** Into how many parts a stream is divided. It can't be changed for an existing one: rows would lose their order. */
    static final int PARTITIONS = 8;

    private static final int BYTES_PER_CHARACTER = 3;
    /** A place in a header that names no column. */
    static final int NO_COLUMN = -1;

    private static final int LONGEST_KEPT = 64 * 1024;
    /** What a kept row has in the place of what no text in the database can hold. */
    private static final String ALTERED = "\uFFFD";

    private static final Pattern UNREADABLE = Pattern.compile("\\x00|\\p{Cs}");
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .addModule(new SimpleModule().addDeserializer(JsonNode.class, new RepeatedFields()))
            .build()
            .readerFor(JsonNode.class);

    private final List<RowColumn> columns;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> prefixes;
    private final int key;
    private final int largest;

    /** @throws io.bucketbrigade.problems.Problem if a column's type is unknown */
    RowFormat(RowStream stream) {
        this(stream, Integer.MAX_VALUE);
    }

    /**
     * @param largest how many bytes a row may have
     * @throws io.bucketbrigade.problems.Problem if a column's type is unknown
     */
    RowFormat(RowStream stream, int largest) {
        this.largest = largest;
        this.columns = stream.columns().entrySet().stream()
                .map(column -> RowColumn.parse(column.getKey(), column.getValue()))
                .toList();
        this.key = new ArrayList<>(stream.columns().keySet()).indexOf(stream.key());
        for (int at = 0; at < columns.size(); at++) {
            places.put(columns.get(at).name(), at);
            places.put(ColumnNames.plain(columns.get(at).name()), at);
        }
        this.prefixes = columns.stream()
                .map(column -> '"' + new String(JsonStringEncoder.getInstance().quoteAsString(column.name())) + "\":")
                .toList();
    }

    /**
     * Reads a text. A field that an object has more than once has what {@link RepeatedFields} says.
     *
     * @throws JacksonException if it is not JSON
     */
    static JsonNode json(byte[] text) throws IOException {
        return JSON.readTree(text);
    }

    /**
     * Reads a row, and puts it where it belongs.
     *
     * @param number its number in what was sent, from 0
     * @param sent what was sent as a row
     */
    void read(long number, JsonNode sent, Rows into) {
        try {
            into.add(row(number, sent));
        } catch (BadValue bad) {
            into.add(new RejectedRow(number, bad.column(), bad.sentence(), shortened(sent.toString())));
        }
    }

    /**
     * Why a text was not read.
     *
     * @param text the text
     * @param otherwise what is said if it is not JSON at all, after "The body" or "The line"
     */
    static String fault(IOException thrown, byte[] text, String otherwise) {
        if (new String(text, StandardCharsets.UTF_8).contains(ALTERED)) {
            return "is not JSON in UTF-8";
        }
        return thrown instanceof StreamConstraintsException
                ? "is nested too deeply, or has a number of more than " + StreamReadConstraints.DEFAULT_MAX_NUM_LEN
                        + " digits, or a name of more than " + StreamReadConstraints.DEFAULT_MAX_NAME_LEN
                        + " characters"
                : otherwise;
    }

    /** Whether a row was kept as it was sent, so that it can be tried again without being corrected. */
    static boolean isKeptAsSent(String kept) {
        return kept.length() < LONGEST_KEPT && !kept.contains(ALTERED);
    }

    /** The beginning of what was sent as a row, for people. */
    static String shortened(String row) {
        String kept = row.length() > LONGEST_KEPT ? row.substring(0, LONGEST_KEPT) : row;
        return UNREADABLE.matcher(kept).replaceAll(ALTERED);
    }

    private ArrivedRow row(long number, JsonNode sent) throws BadValue {
        if (!sent.isObject()) {
            throw new BadValue(null, "The row is not a JSON object with the names of columns");
        }
        JsonNode[] values = new JsonNode[columns.size()];
        for (Map.Entry<String, JsonNode> field : sent.properties()) {
            Integer place = places.get(field.getKey());
            place = place == null ? places.get(ColumnNames.plain(field.getKey())) : place;
            if (place == null) {
                throw new BadValue(field.getKey(), "is not a column of this stream" + suggestion(field.getKey()));
            }
            if (values[place] != null || field.getValue().isPojo()) {
                throw new BadValue(columns.get(place).name(), "has two values");
            }
            values[place] = field.getValue();
        }
        StringBuilder json = new StringBuilder();
        String order = "";
        BadValue wrong = null;
        for (int at = 0; at < values.length; at++) {
            json.append(at == 0 ? '{' : ',').append(prefixes.get(at));
            // Blanks around the key would make it another one.
            JsonNode value = at == key && values[at] != null && values[at].isTextual()
                    ? TextNode.valueOf(values[at].textValue().strip())
                    : values[at];
            try {
                String text = columns.get(at).write(value, json);
                order = at == key && text != null ? text : order;
            } catch (BadValue bad) {
                wrong = bad.after(wrong);
            }
        }
        if (wrong != null) {
            throw wrong;
        }
        return new ArrivedRow(
                number, order, partition(order), checked(json.append('}').toString()));
    }

    private String checked(String json) throws BadValue {
        if (json.length() > largest / BYTES_PER_CHARACTER && json.getBytes(StandardCharsets.UTF_8).length > largest) {
            throw new BadValue(
                    null, "The row has more than " + largest + " bytes, which is the most that its stream can keep");
        }
        return json;
    }

    /** The columns, in the order of pipeline.yaml. */
    List<RowColumn> columns() {
        return columns;
    }

    /** Whether a column, by its number, is the one by which rows keep their order. */
    boolean isKey(int column) {
        return column == key;
    }

    /**
     * Which column each field of a CSV file's header names; {@link #NO_COLUMN} where it has no name.
     *
     * @throws BadValue if one names none, or one that another names too, or a column that needs a value is missing
     */
    int[] places(List<String> header) throws BadValue {
        int[] found = new int[header.size()];
        boolean[] isThere = new boolean[columns.size()];
        for (int at = 0; at < found.length; at++) {
            String name = header.get(at);
            if (name.isBlank()) {
                found[at] = NO_COLUMN;
                continue;
            }
            Integer place = places.get(ColumnNames.plain(name));
            if (place == null) {
                throw new BadValue(name, "is not a column of this stream" + suggestion(name));
            }
            if (isThere[place]) {
                throw new BadValue(name, "is repeated");
            }
            isThere[place] = true;
            found[at] = place;
        }
        for (int at = 0; at < isThere.length; at++) {
            if (!isThere[at] && !columns.get(at).isOptional()) {
                throw new BadValue(columns.get(at).name(), "is missing");
            }
        }
        return found;
    }

    /** Which columns there are, for people. */
    String allowed() {
        return columns.stream()
                .map(column -> column.name() + (column.isOptional() ? " (optional)" : ""))
                .collect(Collectors.joining(", "));
    }

    private String suggestion(String name) {
        return Suggestion.of(name, columns.stream().map(RowColumn::name).toList());
    }

    /** The hash is that of the Java specification, so every process of every version puts a row into the same part. */
    private static int partition(String key) {
        int hash = key.hashCode();
        return Math.floorMod(hash ^ (hash >>> 16), PARTITIONS);
    }
}
