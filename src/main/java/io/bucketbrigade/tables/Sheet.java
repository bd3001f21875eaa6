package io.bucketbrigade.tables;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CSV file whose rows become those of a table.
 *
 * @param file the file's name
 * @param table the table, written {@code schema.table}
 * @param withLine whether the table has a column {@code line} too, for the line of the file on which the row stands
 * @param columns the columns that are used
 */
public record Sheet(String file, String table, boolean withLine, List<Column> columns) {
    private static final Pattern TITLE = Pattern.compile("(\\S+) into (\\S+)( with line)?");

    public Sheet {
        columns = List.copyOf(columns);
    }

    /**
     * Reads sheets as routes write them: a line {@code orders.csv into staging.orders with line}, and behind it a line for each
     * column that begins with a blank, as {@link Column#parse} reads it. {@code with line} may be missing.
     *
     * @throws Problem if that is not how they are written
     */
    static List<Sheet> parse(String text) {
        List<Sheet> sheets = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        for (int at = lines.size() - 1; at >= 0; at--) {
            String line = lines.get(at);
            if (line.startsWith(" ")) {
                columns.add(0, Column.parse(line.strip()));
            } else {
                Matcher title = TITLE.matcher(line.strip());
                if (!title.matches()) {
                    throw new Problem(
                            Kind.USAGE,
                            "The sheet '" + line
                                    + "' of a route can't be understood: write 'orders.csv into staging.orders'.");
                }
                sheets.add(0, new Sheet(title.group(1), title.group(2), title.group(3) != null, columns));
                columns.clear();
            }
        }
        return sheets;
    }
}
