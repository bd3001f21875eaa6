package io.bucketbrigade.csv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first row of a CSV file: which columns there are, what separates them, and where the data starts. Names are compared without
 * regard to letter case, blanks, dots and underscores.
 *
 * @param file the file's name
 * @param separator what separates the fields
 * @param columns the names as they are written, without quotes and outer blanks
 * @param line the line on which it starts, from 1
 * @param dataStart where the first row after the header starts, in bytes
 * @param dataLine the line on which it starts, from 1
 */
public record Header(String file, Separator separator, List<String> columns, long line, long dataStart, long dataLine) {
    /** A row longer than this is not a header, in bytes. */
    public static final int LONGEST = 1 << 20;
    /** What is said of a row that is the header once more. */
    public static final String REPEATED = "this is the header again; were two files joined?";

    private static final Pattern IGNORED = Pattern.compile("[\\s\\p{Z}\\uFEFF._]+");

    /**
     * Reads the header of a file whose columns nobody knows: what separates them most is the separator.
     *
     * @throws CsvException if the file is empty, or its first row is not a header
     * @throws IOException if it can't be read
     */
    public static Header read(ByteSource source) throws IOException {
        return HeaderReader.read(source, List.of());
    }

    /**
     * Reads the header. The separator is the one with which the needed columns are found.
     *
     * @param needed names of columns
     * @throws CsvException if the file is empty, its first row is not a header, or a column is missing or repeated
     * @throws IOException if it can't be read
     */
    public static Header read(ByteSource source, List<String> needed) throws IOException {
        Header header = HeaderReader.read(source, needed);
        needed.forEach(header::index);
        return header;
    }

    /** The same columns, for data that starts further down. */
    Header from(long start, long startLine) {
        return new Header(file, separator, columns, line, start, startLine);
    }

    /** A name as it is compared. */
    static String plainName(String name) {
        return IGNORED.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
    }

    /** Names without the empty ones at the end. */
    static List<String> withoutTrailingBlanks(List<String> names) {
        int length = names.size();
        while (length > 0 && names.get(length - 1).isEmpty()) {
            length--;
        }
        return names.subList(0, length);
    }

    /** Whether these fields are the header once more. */
    public boolean isRepeatedBy(List<String> fields) {
        return plainNames(fields).equals(plainNames(columns));
    }

    private static List<String> plainNames(List<String> names) {
        return withoutTrailingBlanks(names.stream().map(Header::plainName).toList());
    }

    /** How many of these columns there are. */
    long has(List<String> needed) {
        List<String> names = columns.stream().map(Header::plainName).toList();
        return needed.stream().filter(name -> names.contains(plainName(name))).count();
    }

    /** Takes a row apart that has no broken quote. */
    static List<String> split(String row, Separator separator) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int at = 0; at < row.length(); at++) {
            char c = row.charAt(at);
            if (quoted && c == '"' && at + 1 < row.length() && row.charAt(at + 1) == '"') {
                field.append(row.charAt(++at));
            } else if (c == '"' && (quoted || !begun)) {
                quoted = !quoted;
                begun = true;
            } else if (!quoted && c == separator.symbol()) {
                fields.add(Blanks.stripId(field.toString()));
                field.setLength(0);
                begun = false;
            } else {
                field.append(c);
                begun = true;
            }
        }
        fields.add(Blanks.stripId(field.toString()));
        return List.copyOf(fields);
    }

    /**
     * The index of a column.
     *
     * @throws CsvException if there is no such column, or more than one
     */
    public int index(String column) {
        int found = -1;
        for (int at = 0; at < columns.size(); at++) {
            if (plainName(columns.get(at)).equals(plainName(column))) {
                if (found >= 0) {
                    throw new CsvException(
                            file, line, column, "there are two columns with this name. Rename or remove one of them.");
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new CsvException(
                    file,
                    line,
                    column,
                    "this column is missing; the header has: " + shorten(String.join(", ", columns))
                            + ". It was read as " + separator.words() + "; " + separator.others() + " were tried too.");
        }
        return found;
    }

    private static String shorten(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /** Why the row that was just scanned can't be accepted; null if it can. */
    @Nullable
    String problem(RowScanner scanner) {
        return scanner.problem() != RowProblem.NONE
                ? scanner.problem().words()
                : fieldsProblem(scanner.fields(), scanner.usedFields());
    }

    /**
     * Why a row with that many fields can't be accepted; null if it can. Fields behind the last column may be there if they are
     * empty.
     *
     * @param used how many fields there are up to the last one that isn't empty
     */
    @Nullable
    String fieldsProblem(int fields, int used) {
        if (fields >= columns.size() && used <= columns.size()) {
            return null;
        }
        return fields + (fields == 1 ? " field" : " fields") + " where the header has " + columns.size();
    }

    /**
     * What is worth saying of how the file was read, each with a number of rows: {@code rows of users.csv read as
     * semicolon-separated}.
     */
    Map<String, Long> remarks(
            String whose, long rows, long withTrailingColumns, long windows1252, long linesWithoutValue) {
        Map<String, Long> remarks = new LinkedHashMap<>();
        String rowsOf = "rows of " + whose;
        remarks.put(rowsOf + " read as " + separator.words(), separator == Separator.COMMA ? 0 : rows);
        remarks.put(rowsOf + " with empty columns at the end", withTrailingColumns);
        remarks.put(
                "columns without a name at the end of " + whose,
                (long) columns.size() - withoutTrailingBlanks(columns).size());
        remarks.put(rowsOf + " with text read as Windows-1252", windows1252);
        remarks.put("lines without any value in " + whose, linesWithoutValue);
        remarks.values().removeIf(number -> number == 0);
        return remarks;
    }
}
