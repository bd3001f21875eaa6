package io.bucketbrigade.rows;

import org.apache.camel.dataformat.csv.CsvRecordConverter;
import org.apache.commons.csv.CSVRecord;

/** Gives camel-csv's records their line. The exchange's charset must be ISO-8859-1. */
public final class NumberedRows implements CsvRecordConverter<NumberedRow> {

    @Override
    public NumberedRow convertRecord(CSVRecord row) {
        String[] fields = row.values();
        long newlinesWithin = 0;
        for (String field : fields) {
            newlinesWithin += field.chars().filter(c -> c == '\n').count();
        }
        return new NumberedRow(row.getParser().getCurrentLineNumber() - newlinesWithin, fields);
    }
}
