package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a query finds as Parquet files, with Iceberg's ids of the columns in them, and describes each for Iceberg by what DuckDB says
 * of it: no file is read a second time.
 */
final class DataFileWriter {
    /** So many characters of a text are kept as a bound, as Iceberg's own writers do by default. */
    private static final int BOUND_CHARACTERS = 16;

    /**
     * A third of what DuckDB takes by itself: each of its threads gathers so many rows before it writes them, and 40 long texts in a row take up to 200 MB for 122 880.
     * The files get no larger, and a file of some 100 000 rows is written by all threads.
     */
    private static final int ROWS_PER_GROUP = 40_960;

    private static final LocalDateTime EPOCH = LocalDate.EPOCH.atStartOfDay();

    private final DuckSession duck;
    private final LakeFiles files;

    DataFileWriter(DuckSession duck, LakeFiles files) {
        this.duck = duck;
        this.files = files;
    }

    /**
     * Writes files.
     *
     * @param query what they hold, whose columns are those of the schema, in that order
     * @param folder below the lake
     * @param partition the value of the only partition column, if all rows have the same; null if they may differ
     * @param file their beginning, which no other run uses
     * @throws SQLException if the query fails
     * @throws IOException if a file can't be written
     */
    List<DataFile> write(
            String query, Schema schema, PartitionSpec spec, @Nullable String partition, String folder, String file)
            throws SQLException, IOException {
        LocalData data = files.data();
        Path target = data.folderToWrite(folder);
        String ids = schema.columns().stream()
                .map(column -> DuckSession.name(column.name()) + ": " + column.fieldId())
                .collect(Collectors.joining(", ", "{", "}"));
        boolean isOneFile = spec.isUnpartitioned() || partition != null;
        String layout = isOneFile
                ? ""
                : ", PARTITION_BY (" + partitionColumns(schema, spec)
                        + "), WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE true, FILENAME_PATTERN "
                        + DuckSession.quoted(file + "_{uuid}");
        Path to = isOneFile ? target.resolve(file + "_" + UUID.randomUUID() + ".parquet") : target;
        String copy = "COPY (" + query + "\n) TO " + DuckSession.quoted(to.toString())
                + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROWS_PER_GROUP + layout + ", FIELD_IDS " + ids
                + ", RETURN_STATS true)";
        List<DataFile> written = new ArrayList<>();
        List<Path> paths = new ArrayList<>();
        List<Path> empty = new ArrayList<>();
        duck.ask(copy, rows -> {
            while (rows.next()) {
                Path path = FilePaths.of(rows.getString("filename"));
                if (rows.getLong("count") == 0) {
                    empty.add(path);
                } else {
                    paths.add(path);
                    written.add(describe(rows, path, schema, partition(rows, schema, spec, partition), spec));
                }
            }
            return written.size();
        });
        data.add(paths);
        for (Path path : empty) {
            Files.delete(path);
        }
        return written;
    }

    private static String partitionColumns(Schema schema, PartitionSpec spec) {
        return spec.fields().stream()
                .map(PartitionField::sourceId)
                .map(id -> DuckSession.name(schema.findColumnName(id)))
                .collect(Collectors.joining(", "));
    }

    private DataFile describe(ResultSet row, Path path, Schema schema, PartitionData partition, PartitionSpec spec)
            throws SQLException {
        long rows = row.getLong("count");
        Map<Integer, Long> sizes = new HashMap<>();
        Map<Integer, Long> values = new HashMap<>();
        Map<Integer, Long> nulls = new HashMap<>();
        Map<Integer, ByteBuffer> lower = new HashMap<>();
        Map<Integer, ByteBuffer> upper = new HashMap<>();
        Map<String, Map<?, ?>> statistics = statistics((Map<?, ?>) row.getObject("column_statistics"));
        for (NestedField column : schema.columns()) {
            Map<?, ?> known = statistics.getOrDefault(column.name(), Map.of());
            int id = column.fieldId();
            values.put(id, rows);
            number(known, "column_size_bytes", id, sizes);
            number(known, "null_count", id, nulls);
            bound(known.get("min"), column.type(), false, id, lower);
            bound(known.get("max"), column.type(), true, id, upper);
        }
        return DataFiles.builder(spec)
                .withPath(files.data().address(path))
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(row.getLong("file_size_bytes"))
                .withMetrics(new Metrics(rows, sizes, values, nulls, new HashMap<>(), lower, upper))
                .withPartition(partition)
                .build();
    }

    /** DuckDB writes the names of columns in quotes where they need them. */
    private static Map<String, Map<?, ?>> statistics(Map<?, ?> given) {
        Map<String, Map<?, ?>> statistics = new HashMap<>();
        given.forEach((name, known) -> {
            String plain = String.valueOf(name);
            plain = plain.startsWith("\"")
                    ? plain.substring(1, plain.length() - 1).replace("\"\"", "\"")
                    : plain;
            statistics.put(plain, (Map<?, ?>) known);
        });
        return statistics;
    }

    private static PartitionData partition(ResultSet row, Schema schema, PartitionSpec spec, @Nullable String only)
            throws SQLException {
        PartitionData partition = new PartitionData(spec.partitionType());
        if (only != null) {
            partition.set(0, only);
            return partition;
        }
        Map<?, ?> keys = (Map<?, ?>) row.getObject("partition_keys");
        for (int at = 0; at < spec.fields().size(); at++) {
            NestedField column = schema.findField(spec.fields().get(at).sourceId());
            Object key = keys == null ? null : keys.get(column.name());
            partition.set(at, key == null ? null : value(column.type(), key.toString()));
        }
        return partition;
    }

    private static void number(Map<?, ?> known, String name, int id, Map<Integer, Long> into) {
        Object value = known.get(name);
        if (value != null) {
            into.put(id, Long.valueOf(value.toString()));
        }
    }

    private static void bound(
            @Nullable Object text, Type type, boolean isUpper, int id, Map<Integer, ByteBuffer> into) {
        Object value = text == null ? null : value(type, text.toString());
        if (value instanceof String whole && whole.length() > BOUND_CHARACTERS) {
            Literal<CharSequence> literal = Literal.of(whole);
            Literal<CharSequence> cut = isUpper
                    ? UnicodeUtil.truncateStringMax(literal, BOUND_CHARACTERS)
                    : UnicodeUtil.truncateStringMin(literal, BOUND_CHARACTERS);
            value = cut == null ? null : cut.value();
        }
        if (value != null) {
            into.put(id, Conversions.toByteBuffer(type, value));
        }
    }

    /** What DuckDB wrote as text, as Iceberg holds it; null where a bound is of no use. */
    private static @Nullable Object value(Type type, String text) {
        return switch (type.typeId()) {
            case STRING -> text;
            case LONG -> Long.valueOf(text);
            case INTEGER -> Integer.valueOf(text);
            case DOUBLE -> number(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case DATE -> Math.toIntExact(LocalDate.parse(text).toEpochDay());
            case TIMESTAMP ->
                micros(Timestamp.valueOf(text.replaceFirst("\\+00$", "")).toLocalDateTime());
            default -> null;
        };
    }

    /** DuckDB writes inf and nan, which Iceberg would not use as bounds. */
    private static @Nullable Double number(String text) {
        return Character.isLetter(text.charAt(text.length() - 1)) ? null : Double.valueOf(text);
    }

    private static long micros(LocalDateTime time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }
}
