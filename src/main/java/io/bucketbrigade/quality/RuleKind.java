package io.bucketbrigade.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The types of rules that are supported, by their names in DQDL. */
enum RuleKind {
    ROW_COUNT("RowCount", 0, Expected.NUMBERS),
    COLUMN_COUNT("ColumnCount", 0, Expected.NUMBERS),
    IS_COMPLETE("IsComplete", 1, Expected.NOTHING),
    COMPLETENESS("Completeness", 1, Expected.NUMBERS),
    IS_UNIQUE("IsUnique", 1, Expected.NOTHING),
    UNIQUENESS("Uniqueness", 1, Expected.NUMBERS),
    COLUMN_VALUES("ColumnValues", 1, Expected.VALUES),
    REFERENTIAL_INTEGRITY("ReferentialIntegrity", 2, Expected.NUMBERS),
    DATA_FRESHNESS("DataFreshness", 1, Expected.DURATIONS),
    CUSTOM_SQL("CustomSql", 1, Expected.NUMBERS);

    /** AWS's types that are not supported. */
    static final List<String> OTHERS = List.of(
            "AggregateMatch",
            "ColumnCorrelation",
            "ColumnDataType",
            "ColumnExists",
            "ColumnLength",
            "ColumnNamesMatchPattern",
            "DatasetMatch",
            "DetectAnomalies",
            "DistinctValuesCount",
            "Entropy",
            "FileFreshness",
            "FileMatch",
            "FileSize",
            "FileUniqueness",
            "IsPrimaryKey",
            "Mean",
            "RowCountMatch",
            "SchemaMatch",
            "StandardDeviation",
            "Sum",
            "UniqueValueRatio");

    /** What a rule's condition compares with. */
    enum Expected {
        NOTHING,
        NUMBERS,
        VALUES,
        DURATIONS
    }

    private final String word;
    private final int parameters;
    private final Expected expected;

    RuleKind(String word, int parameters, Expected expected) {
        this.word = word;
        this.parameters = parameters;
        this.expected = expected;
    }

    static Optional<RuleKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(RuleKind::word).toList();
    }

    /** Its name in DQDL. */
    String word() {
        return word;
    }

    /** How many texts in quotes follow the name. */
    int parameters() {
        return parameters;
    }

    Expected expected() {
        return expected;
    }

    /** Whether each row keeps the rule or breaks it, so that the share of those that keep it is measured. */
    boolean isOfRows() {
        return this != ROW_COUNT && this != COLUMN_COUNT && this != CUSTOM_SQL;
    }
}
