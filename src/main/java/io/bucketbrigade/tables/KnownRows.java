package io.bucketbrigade.tables;

import io.bucketbrigade.database.InTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Where a mapping's file is not there, what its table holds counts as known. */
final class KnownRows {
    private static final int ROWS_AT_ONCE = 10_000;

    private final DataSource database;

    KnownRows(DataSource database) {
        this.database = database;
    }

    /**
     * Adds the values of those tables' columns that others refer to.
     *
     * @throws SQLException if the database can't answer
     */
    void load(Reading reading) throws SQLException {
        for (TableMapping mapping : reading.absent()) {
            for (Column column : mapping.columns()) {
                String key = mapping.key(column);
                if (reading.keys.isReferredTo(key)) {
                    load("SELECT " + column.name() + " FROM " + mapping.table(), reading.keys.known(key));
                }
            }
        }
    }

    private void load(String question, LongKeys into) throws SQLException {
        // Without a transaction the driver fetches all rows at once.
        InTransaction.run(database, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(ROWS_AT_ONCE);
                try (ResultSet row = statement.executeQuery(question)) {
                    while (row.next()) {
                        into.add(row.getLong(1));
                    }
                }
            }
        });
    }
}
