package io.bucketbrigade.tables;

import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A CSV file whose rows become those of a table.
 *
 * @param input the name, or pattern of names, under which pipeline.yaml has it; columns of other files refer to it by that
 * @param file the file's name
 * @param table the table, written {@code schema.table}
 * @param withLine whether the table has a column {@code line} too, for the line of the file that the row is on
 * @param columns the columns that are used
 */
record TableMapping(String input, String file, String table, boolean withLine, List<Column> columns) {
    TableMapping {
        columns = List.copyOf(columns);
    }

    /**
     * The mappings of a pipeline's files, in the order in which they are read: what others refer to comes first. An input of which no
     * file is there has one all the same, by its own name.
     *
     * @param there the names of the files that are there
     * @throws io.bucketbrigade.problems.Problem if a column can't be one
     */
    static List<TableMapping> of(InputFiles inputs, Collection<String> there) {
        List<TableMapping> mappings = new ArrayList<>();
        for (InputFile input : inputs.files()) {
            if (input.table() != null) {
                List<String> files =
                        there.stream().filter(input::matches).sorted().toList();
                (files.isEmpty() ? List.of(input.title()) : files).forEach(file -> mappings.add(of(input, file)));
            }
        }
        return mappings;
    }

    private static TableMapping of(InputFile input, String file) {
        return new TableMapping(
                input.title(),
                file,
                String.valueOf(input.table()),
                input.withLine(),
                input.columnTypes().entrySet().stream()
                        .map(column -> Column.parse(column.getKey(), column.getValue()))
                        .toList());
    }

    /** The key under which the values of a column are known: {@code input column}. */
    String key(Column column) {
        return input + " " + column.name();
    }
}
