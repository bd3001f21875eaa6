package io.bucketbrigade.registry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file that a pipeline reads, or several whose names follow a pattern. */
public final class InputFile {
    private static final Pattern PART = Pattern.compile("\\*|\\{([a-z][a-z0-9]*)}");

    private final boolean isNamedOnce;
    private final boolean hasColumns;
    private final String title;
    private final @Nullable Pattern pattern;
    private final boolean optional;
    private final @Nullable String key;
    private final @Nullable String table;
    private final boolean withLine;
    private final Map<String, String> columns;

    /**
     * @param name the file's name below the location; null if there is a pattern
     * @param pattern what the names look like: {@code *} is any text without a slash, and so is {@code {year}}, which can be asked
     *     for by its name; null if there is a name
     * @param optional whether a run can do without it
     * @param key the column by which its rows are counted; null if nobody counts them
     * @param table the table, written {@code schema.table}, that its rows are put into; null if that is said elsewhere
     * @param line whether the table has a column {@code line} too, for the line of the file that the row is on
     * @param columns the columns it must have: a list of names, or a mapping from names to what their values must be
     */
    @JsonCreator
    InputFile(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("pattern") @Nullable String pattern,
            @JsonProperty("optional") boolean optional,
            @JsonProperty("key") @Nullable String key,
            @JsonProperty("table") @Nullable String table,
            @JsonProperty("line") boolean line,
            @JsonProperty("columns") @Nullable JsonNode columns) {
        this.isNamedOnce = (name == null) != (pattern == null);
        this.title = name == null ? String.valueOf(pattern) : name;
        this.pattern = pattern == null ? null : compile(pattern);
        this.optional = optional;
        this.key = key;
        this.table = table;
        this.withLine = line;
        this.hasColumns = columns == null || columns.isContainerNode();
        this.columns = columns(columns);
    }

    /** What is wrong with what was said of it, as the rest of a sentence; null if nothing. */
    @Nullable
    String problem() {
        if (!isNamedOnce) {
            return "a file has either a name or a pattern";
        }
        if (!hasColumns) {
            return "columns must be a list of names, or names with their types";
        }
        return key == null || columns.containsKey(key) ? null : "the key " + key + " is not one of the columns";
    }

    private static Pattern compile(String pattern) {
        Matcher part = PART.matcher(pattern);
        StringBuilder regex = new StringBuilder();
        int end = 0;
        while (part.find()) {
            String name = part.group(1);
            regex.append(Pattern.quote(pattern.substring(end, part.start())))
                    .append(name == null ? "[^/]*" : "(?<" + name + ">[^/]+?)");
            end = part.end();
        }
        return Pattern.compile(
                regex.append(Pattern.quote(pattern.substring(end))).toString());
    }

    private static Map<String, String> columns(@Nullable JsonNode said) {
        Map<String, String> columns = new LinkedHashMap<>();
        if (said != null && said.isArray()) {
            said.forEach(name -> columns.put(name.asText(), ""));
        } else if (said != null && said.isObject()) {
            said.properties()
                    .forEach(column ->
                            columns.put(column.getKey(), column.getValue().asText()));
        }
        return columns;
    }

    /** Its name, or the pattern of its names. */
    public String title() {
        return title;
    }

    /** Whether its names follow a pattern. */
    public boolean isPattern() {
        return pattern != null;
    }

    /** Whether a file of that name is meant. */
    public boolean matches(String name) {
        return pattern == null ? title.equals(name) : pattern.matcher(name).matches();
    }

    /** What a name has in the place of a part of the pattern such as {@code {year}}; empty if the name does not follow the pattern. */
    public Optional<String> part(String part, String name) {
        Matcher matcher = pattern == null ? null : pattern.matcher(name);
        return matcher != null && matcher.matches() ? Optional.ofNullable(matcher.group(part)) : Optional.empty();
    }

    /** Whether a run can do without it. */
    public boolean optional() {
        return optional;
    }

    /** The column by which its rows are counted; null if nobody counts them. */
    public @Nullable String key() {
        return key;
    }

    /** The table that its rows are put into; null if that is not said. */
    public @Nullable String table() {
        return table;
    }

    /** Whether the table has a column for the line of the file that a row is on. */
    public boolean withLine() {
        return withLine;
    }

    /** The columns it must have; none if it needs no header. */
    public List<String> columns() {
        return List.copyOf(columns.keySet());
    }

    /** What the values of each column must be, by its name; blank where nothing is said. */
    public Map<String, String> columnTypes() {
        return columns;
    }
}
