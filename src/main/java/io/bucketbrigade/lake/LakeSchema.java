package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** The columns that a query gives, as Iceberg has them. */
final class LakeSchema {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");

    private LakeSchema() {}

    /**
     * The columns of a query. Those that the table has keep their ids, so that its old files can still be read; new ones get the next.
     *
     * @param known the columns that the table has; null if there is no table yet
     * @param lastId the largest id that the table ever gave
     * @throws Problem if a column's type is none that such a table can hold, or it was of another type before
     * @throws SQLException if the query is wrong
     */
    static Schema of(DuckSession duck, String query, @Nullable Schema known, int lastId) throws SQLException {
        List<NestedField> fields = new ArrayList<>();
        int[] next = {lastId};
        duck.ask("DESCRIBE " + query, rows -> {
            while (rows.next()) {
                String name = rows.getString("column_name");
                Type type = type(name, rows.getString("column_type"));
                NestedField before = known == null ? null : known.findField(name);
                if (before != null && !before.type().equals(type)) {
                    throw new Problem(
                            Kind.CONFLICT,
                            "The column " + name + " was of the type " + before.type() + ", and would be of the type "
                                    + type + ". Give it another name.");
                }
                fields.add(NestedField.optional(before == null ? ++next[0] : before.fieldId(), name, type));
            }
            return fields.size();
        });
        return new Schema(fields);
    }

    private static Type type(String column, String type) {
        Matcher decimal = DECIMAL.matcher(type);
        if (decimal.matches()) {
            return Types.DecimalType.of(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return switch (type) {
            case "VARCHAR" -> Types.StringType.get();
            case "BIGINT" -> Types.LongType.get();
            case "INTEGER" -> Types.IntegerType.get();
            case "DOUBLE" -> Types.DoubleType.get();
            case "BOOLEAN" -> Types.BooleanType.get();
            case "DATE" -> Types.DateType.get();
            case "TIMESTAMP" -> Types.TimestampType.withoutZone();
            case "TIMESTAMP WITH TIME ZONE" -> Types.TimestampType.withZone();
            default ->
                throw new Problem(
                        Kind.USAGE,
                        "The column " + column + " is of DuckDB's type " + type
                                + ", which the tables of a lake can't have. CAST it to VARCHAR, BIGINT, INTEGER, DOUBLE, DECIMAL, BOOLEAN, DATE or TIMESTAMP.");
        };
    }

    /** The type of a column as DuckDB has it. */
    static String duckType(Type type) {
        return switch (type.typeId()) {
            case STRING -> "VARCHAR";
            case LONG -> "BIGINT";
            case INTEGER -> "INTEGER";
            case DOUBLE -> "DOUBLE";
            case BOOLEAN -> "BOOLEAN";
            case DATE -> "DATE";
            case TIMESTAMP ->
                ((Types.TimestampType) type).shouldAdjustToUTC() ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
            default -> type.toString();
        };
    }
}
